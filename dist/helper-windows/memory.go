package main

import (
	"errors"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"
)

var (
	procGlobalMemoryStatusEx      = kernel32.NewProc("GlobalMemoryStatusEx")
	procVirtualAlloc              = kernel32.NewProc("VirtualAlloc")
	procVirtualFree               = kernel32.NewProc("VirtualFree")
	procK32GetProcessMemoryInfo   = kernel32.NewProc("K32GetProcessMemoryInfo")
	ntdll                         = syscall.NewLazyDLL("ntdll.dll")
	procNtQueryInformationProcess = ntdll.NewProc("NtQueryInformationProcess")
	procQueryImageName            = kernel32.NewProc("QueryFullProcessImageNameW")
)

// MEMORYSTATUSEX. TotalPageFile is the commit limit, AvailPageFile what may still be committed.
type memoryStatus struct {
	Length               uint32
	MemoryLoad           uint32
	TotalPhys            uint64
	AvailPhys            uint64
	TotalPageFile        uint64
	AvailPageFile        uint64
	TotalVirtual         uint64
	AvailVirtual         uint64
	AvailExtendedVirtual uint64
}

func memory() (memoryStatus, error) {
	var status memoryStatus
	status.Length = uint32(unsafe.Sizeof(status))
	if ok, _, err := procGlobalMemoryStatusEx.Call(uintptr(unsafe.Pointer(&status))); ok == 0 {
		return status, errors.New("GlobalMemoryStatusEx: " + err.Error())
	}
	return status, nil
}

func memoryJSON() string {
	status, err := memory()
	if err != nil {
		return object(text("problem", err.Error()))
	}
	return object(memoryFields(status)...)
}

func memoryFields(status memoryStatus) []string {
	return []string{
		number("totalBytes", status.TotalPhys),
		number("availableBytes", status.AvailPhys),
		number("commitLimitBytes", status.TotalPageFile),
		number("commitAvailableBytes", status.AvailPageFile),
	}
}

const (
	mib                 = 1 << 20
	probeLimit          = 128 * mib
	probeCommit         = probeLimit + 64*mib
	memCommitAndReserve = 0x3000
	memRelease          = 0x8000
	pageReadWrite       = 0x4
	errCommitmentLimit  = syscall.Errno(1455)
)

// Sets a small limit on a job, reads it back, joins the job and commits more than that without touching it. Only where
// the limit is repeated and the commit is refused with 1455 is the limit of a job worth anything.
func probe() string {
	if err := commit(probeCommit); err != nil {
		return notEnforced("without a limit " + strconv.Itoa(probeCommit/mib) + " MiB could not be committed: " + err.Error())
	}
	job, err := newJob(probeLimit, 0)
	if err != nil {
		return notEnforced(err.Error() + afterCommit())
	}
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		return notEnforced(err.Error())
	}
	if err := assign(job, self); err != nil {
		return notEnforced(err.Error())
	}
	switch err := commit(probeCommit); err {
	case errCommitmentLimit:
		return object(boolean("isEnforced", true), text("reason", "the limit was read back, and beyond it a commit was refused with 1455"))
	case nil:
		return notEnforced(madeIt)
	default:
		return notEnforced("a commit beyond the limit was refused with " + err.Error() + ", not with 1455")
	}
}

const madeIt = "192 MiB were committed in a job of 128 MiB"

// The other half of the proof, where the limit was not repeated: whether a job with that limit lets the commit pass.
func afterCommit() string {
	handle, _, _ := procCreateJobObject.Call(0, 0)
	limits := extendedLimits{LimitFlags: limitJobMemory, JobMemoryLimit: probeLimit}
	procSetInformationJobObject.Call(handle, jobExtendedLimits, uintptr(unsafe.Pointer(&limits)), unsafe.Sizeof(limits))
	self, err := syscall.GetCurrentProcess()
	if err != nil || assign(syscall.Handle(handle), self) != nil || commit(probeCommit) != nil {
		return ""
	}
	return "; " + madeIt
}

func notEnforced(reason string) string {
	return object(boolean("isEnforced", false), text("reason", reason))
}

func commit(bytes uintptr) error {
	address, _, err := procVirtualAlloc.Call(0, bytes, memCommitAndReserve, pageReadWrite)
	if address == 0 {
		return err
	}
	procVirtualFree.Call(address, 0, memRelease)
	return nil
}

// PROCESS_MEMORY_COUNTERS.
type memoryCounters struct {
	Cb                         uint32
	PageFaultCount             uint32
	PeakWorkingSetSize         uintptr
	WorkingSetSize             uintptr
	QuotaPeakPagedPoolUsage    uintptr
	QuotaPagedPoolUsage        uintptr
	QuotaPeakNonPagedPoolUsage uintptr
	QuotaNonPagedPoolUsage     uintptr
	PagefileUsage              uintptr
	PeakPagefileUsage          uintptr
}

// Private committed memory: what counts against the limit of a job.
func committed(process syscall.Handle) (uint64, bool) {
	var counters memoryCounters
	counters.Cb = uint32(unsafe.Sizeof(counters))
	ok, _, _ := procK32GetProcessMemoryInfo.Call(uintptr(process), uintptr(unsafe.Pointer(&counters)), uintptr(counters.Cb))
	return uint64(counters.PagefileUsage), ok != 0
}

const processCommandLine = 60

// UNICODE_STRING with the text behind it, as NtQueryInformationProcess fills it.
type commandLineBuffer struct {
	Length        uint16
	MaximumLength uint16
	Buffer        uintptr
	text          [32768]uint16
}

const longestCommand = 1024

// The command line as its process got it, its beginning only; the program alone where the system does not tell (Windows
// before 8.1, wine).
func commandLineOf(process syscall.Handle) string {
	var buffer commandLineBuffer
	status, _, _ := procNtQueryInformationProcess.Call(uintptr(process), processCommandLine,
		uintptr(unsafe.Pointer(&buffer)), unsafe.Sizeof(buffer), 0)
	if status != 0 || buffer.Buffer == 0 {
		return programOf(process)
	}
	// The text may lie anywhere in the buffer.
	start := (buffer.Buffer - uintptr(unsafe.Pointer(&buffer.text))) / 2
	count := uintptr(buffer.Length / 2)
	if count > longestCommand {
		count = longestCommand
	}
	if start+count > uintptr(len(buffer.text)) {
		return programOf(process)
	}
	line := syscall.UTF16ToString(buffer.text[start : start+count])
	runtime.KeepAlive(&buffer)
	return line
}

// Quoted, as it would stand in a command line.
func programOf(process syscall.Handle) string {
	var path [longestCommand]uint16
	length := uint32(len(path))
	ok, _, _ := procQueryImageName.Call(uintptr(process), 0, uintptr(unsafe.Pointer(&path)), uintptr(unsafe.Pointer(&length)))
	if ok == 0 {
		return ""
	}
	return `"` + syscall.UTF16ToString(path[:length]) + `"`
}
