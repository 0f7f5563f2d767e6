module example.com/hog

go 1.21
