package main

import (
	"errors"
	"os"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

var (
	kernel32 = syscall.NewLazyDLL("kernel32.dll")

	procCreateJobObject           = kernel32.NewProc("CreateJobObjectW")
	procSetInformationJobObject   = kernel32.NewProc("SetInformationJobObject")
	procQueryInformationJobObject = kernel32.NewProc("QueryInformationJobObject")
	procAssignProcessToJobObject  = kernel32.NewProc("AssignProcessToJobObject")
	procTerminateJobObject        = kernel32.NewProc("TerminateJobObject")
	procResumeThread              = kernel32.NewProc("ResumeThread")
)

// Numbers of winnt.h.
const (
	jobBasicProcessIDList    = 3
	jobCompletionPort        = 7
	jobExtendedLimits        = 9
	limitJobMemory           = 0x200
	killOnJobClose           = 0x2000
	createSuspended          = 0x4
	createUnicodeEnvironment = 0x400
	processTerminate         = 0x1
	processQueryLimited      = 0x1000
	synchronize              = 0x100000
)

// JOBOBJECT_EXTENDED_LIMIT_INFORMATION: 144 bytes on 64-bit Windows.
type extendedLimits struct {
	PerProcessUserTimeLimit int64
	PerJobUserTimeLimit     int64
	LimitFlags              uint32
	MinimumWorkingSetSize   uintptr
	MaximumWorkingSetSize   uintptr
	ActiveProcessLimit      uint32
	Affinity                uintptr
	PriorityClass           uint32
	SchedulingClass         uint32
	IoCounters              [6]uint64
	ProcessMemoryLimit      uintptr
	JobMemoryLimit          uintptr
	PeakProcessMemoryUsed   uintptr
	PeakJobMemoryUsed       uintptr
}

// A job with this limit of committed memory (0: none). The limit counts as set only when the system repeats it.
func newJob(limit uint64, flags uint32) (syscall.Handle, error) {
	handle, _, err := procCreateJobObject.Call(0, 0)
	if handle == 0 {
		return 0, errors.New("CreateJobObject: " + err.Error())
	}
	job := syscall.Handle(handle)
	var limits extendedLimits
	limits.LimitFlags = flags
	if limit > 0 {
		limits.LimitFlags |= limitJobMemory
		limits.JobMemoryLimit = uintptr(limit)
	}
	size := unsafe.Sizeof(limits)
	ok, _, err := procSetInformationJobObject.Call(handle, jobExtendedLimits, uintptr(unsafe.Pointer(&limits)), size)
	if ok == 0 {
		return 0, errors.New("SetInformationJobObject: " + err.Error())
	}
	said, err := limitsOf(job)
	if err != nil {
		return 0, err
	}
	if limit > 0 && (said.LimitFlags&limitJobMemory == 0 || !isNear(uint64(said.JobMemoryLimit), limit)) {
		return 0, errors.New("the limit reads " + strconv.FormatUint(uint64(said.JobMemoryLimit), 10) + " after " +
			strconv.FormatUint(limit, 10) + " was set")
	}
	return job, nil
}

// Windows keeps whole pages.
func isNear(said, asked uint64) bool {
	return said <= asked+65536 && said+65536 >= asked
}

func limitsOf(job syscall.Handle) (extendedLimits, error) {
	var limits extendedLimits
	size := unsafe.Sizeof(limits)
	ok, _, err := procQueryInformationJobObject.Call(
		uintptr(job), jobExtendedLimits, uintptr(unsafe.Pointer(&limits)), size, 0)
	if ok == 0 {
		return limits, errors.New("QueryInformationJobObject: " + err.Error())
	}
	return limits, nil
}

func assign(job, process syscall.Handle) error {
	if ok, _, err := procAssignProcessToJobObject.Call(uintptr(job), uintptr(process)); ok == 0 {
		return errors.New("AssignProcessToJobObject: " + err.Error())
	}
	return nil
}

func terminateJob(job syscall.Handle) {
	procTerminateJobObject.Call(uintptr(job), endedByGuard)
}

const mostProcesses = 1024

// JOBOBJECT_BASIC_PROCESS_ID_LIST with room for many.
type processIDList struct {
	Assigned uint32
	InList   uint32
	IDs      [mostProcesses]uintptr
}

// More than fit are left out: the call then fails with ERROR_MORE_DATA and gives those that do.
func processesOf(job syscall.Handle) []uint32 {
	var list processIDList
	procQueryInformationJobObject.Call(
		uintptr(job), jobBasicProcessIDList, uintptr(unsafe.Pointer(&list)), unsafe.Sizeof(list), 0)
	pids := make([]uint32, 0, list.InList)
	for i := uint32(0); i < list.InList && i < mostProcesses; i++ {
		pids = append(pids, uint32(list.IDs[i]))
	}
	return pids
}

// The command with our standard handles, directory and environment; it executes nothing before resume.
func startSuspended(command []string) (process, thread syscall.Handle, err error) {
	line, err := syscall.UTF16PtrFromString(commandLine(command))
	if err != nil {
		return 0, 0, err
	}
	startup := syscall.StartupInfo{
		Flags:     syscall.STARTF_USESTDHANDLES,
		StdInput:  inheritable(syscall.STD_INPUT_HANDLE),
		StdOutput: inheritable(syscall.STD_OUTPUT_HANDLE),
		StdErr:    inheritable(syscall.STD_ERROR_HANDLE),
	}
	startup.Cb = uint32(unsafe.Sizeof(startup))
	var info syscall.ProcessInformation
	err = syscall.CreateProcess(nil, line, nil, nil, true, createSuspended|createUnicodeEnvironment, nil, nil, &startup, &info)
	return info.Process, info.Thread, err
}

func inheritable(which int) syscall.Handle {
	handle, err := syscall.GetStdHandle(which)
	if err != nil {
		return 0
	}
	syscall.SetHandleInformation(handle, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT)
	return handle
}

func resume(thread syscall.Handle) error {
	defer syscall.CloseHandle(thread)
	if count, _, err := procResumeThread.Call(uintptr(thread)); uint32(count) == 0xFFFFFFFF {
		return errors.New("ResumeThread: " + err.Error())
	}
	return nil
}

func terminateProcess(process syscall.Handle) {
	syscall.TerminateProcess(process, endedByGuard)
}

// Who started us. A process that began after us only has the number of the one that did.
func openParent() (syscall.Handle, error) {
	handle, err := syscall.OpenProcess(synchronize|processQueryLimited, false, uint32(os.Getppid()))
	if err != nil {
		return 0, err
	}
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		return 0, err
	}
	began, own := creation(handle), creation(self)
	if began > own {
		return 0, errors.New("it has ended")
	}
	return handle, nil
}

// In 100 ns; 0 where the system does not tell.
func creation(process syscall.Handle) int64 {
	var began, exit, kernel, user syscall.Filetime
	if syscall.GetProcessTimes(process, &began, &exit, &kernel, &user) != nil {
		return 0
	}
	return began.Nanoseconds()
}

func hasEnded(process syscall.Handle, within time.Duration) bool {
	event, err := syscall.WaitForSingleObject(process, uint32(within/time.Millisecond))
	return err == nil && event == syscall.WAIT_OBJECT_0
}

func exitCode(process syscall.Handle) uint32 {
	var code uint32
	if syscall.GetExitCodeProcess(process, &code) != nil {
		return endedByGuard
	}
	return code
}
