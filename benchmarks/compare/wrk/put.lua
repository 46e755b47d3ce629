-- PUT of 100 KiB.
dofile(os.getenv("COMPARE") .. "/wrk/get.lua")
wrk.method = "PUT"
wrk.body = string.rep("fairlead", 12800)
