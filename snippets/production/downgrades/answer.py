guard.check(context)
