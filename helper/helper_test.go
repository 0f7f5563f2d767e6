//go:build unix

package main

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestHeavyTool(t *testing.T) {
	for _, test := range []struct {
		argv []string
		want string
	}{
		{[]string{"/go/pkg/tool/linux_amd64/compile", "-o", "x.a"}, "compile"},
		{[]string{`C:\go\pkg\tool\windows_amd64\link.exe`, "-o", "x"}, "link"},
		{[]string{"compile"}, "compile"},
		{[]string{"/go/pkg/tool/linux_amd64/compile", "-V=full"}, ""},
		{[]string{"/go/pkg/tool/linux_amd64/link", "--V=full"}, ""},
		{[]string{"/go/pkg/tool/linux_amd64/asm"}, ""},
		{[]string{"gcc", "-###", "-x", "c"}, ""},
		{[]string{"/home/compile/vet"}, ""},
	} {
		if got := heavyTool(test.argv); got != test.want {
			t.Errorf("heavyTool(%q) = %q, want %q", test.argv, got, test.want)
		}
	}
}

func TestDescribe(t *testing.T) {
	directory := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(directory, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	source := write("a.go", "package a\n")
	config := write("importcfg", "# import config\npackagefile a="+source+"\npackagefile b="+source+"\npackagefile c=/nowhere\n")
	argv := []string{"compile", "-o", "x.a", "-p", "example.com/a", "-importcfg", config, source, "/nowhere.go"}

	t.Setenv("TOOLEXEC_IMPORTPATH", "")
	compile := describe("compile", argv)
	if compile.pkg != "example.com/a" || compile.sourceBytes != 10 || compile.configBytes != sizeOf(config) {
		t.Errorf("compile: %+v", compile)
	}
	if want := 10 + configWeight*sizeOf(config); compile.weight() != want {
		t.Errorf("weight %d, want %d", compile.weight(), want)
	}
	t.Setenv("TOOLEXEC_IMPORTPATH", "example.com/a [example.com/a.test]")
	link := describe("link", []string{"link", "-importcfg", config})
	if link.pkg != "example.com/a [example.com/a.test]" || link.archiveBytes != 20 || link.configBytes != 0 {
		t.Errorf("link: %+v", link)
	}
}

func TestEncode(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "-",
		"-":                   "%2D",
		"a-b":                 "a-b",
		"/a b/100%\n":         "/a%20b/100%25%0A",
		"example.com/ä [x y]": "example.com/ä%20[x%20y]",
	} {
		if got := encode(text); got != want {
			t.Errorf("encode(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestWithSettings(t *testing.T) {
	environment := []string{"PATH=/bin", "GOGC=400", "GOGCX=1", "odd", "GOMEMLIMIT=1GiB"}
	want := []string{"PATH=/bin", "GOGCX=1", "odd", "GOMEMLIMIT=1GiB", "GOGC=25"}
	if got := withSettings(environment, []string{"GOGC=25"}); !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLane(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lane")
	if got := lane(path); got != -1 {
		t.Errorf("without a file: %d", got)
	}
	for text, want := range map[string]int64{"1200\n": 1200, "-1\n": -1, "": -1, "many": -1} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := lane(path); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
