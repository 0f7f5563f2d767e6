module go-build-guard/helper

go 1.21
