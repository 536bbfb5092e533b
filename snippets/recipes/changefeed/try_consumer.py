from consume import apply, titles

apply({"key": [1], "update": {}, "newImage": {"title": "IT Crowd"}})
apply({"key": [2], "update": {}, "newImage": {"title": "Silicon Valley"}})
apply({"key": [1], "erase": {}})
apply({"resolved": [1670792500000, 0]})
print(titles)
