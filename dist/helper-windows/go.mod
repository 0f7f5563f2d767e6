module go-build-guard/helper-windows

go 1.21
