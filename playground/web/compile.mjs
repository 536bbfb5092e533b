// Compiles a folder of modules with the Python that will run them: node compile.mjs PYODIDE FOLDER LIBRARY
import { readFileSync } from "node:fs"
import { pathToFileURL } from "node:url"

const [pyodide, folder, library, script] = process.argv.slice(2)
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href)
const python = await loadPyodide({ indexURL: pyodide })
python.mountNodeFS("/modules", folder)
python.globals.set("library", library)
python.runPython(readFileSync(script, "utf8"))
