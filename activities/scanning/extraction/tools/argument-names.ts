/** Names of arguments by what they mean, plain as `plainName` makes them. */
export const commandNames =
  'command cmd commandline commands cmds cmdline bashcommand shellcommand terminalcommand runcommand fullcommand execcommand commandtoexecute commandtorun bash shell argv shellscript bashscript bashcode rawcommand commandstring'.split(
    ' ',
  );
export const keyNames = 'keystrokes keystroke keys sendkeys chars characters keysequence typedtext'.split(' ');
export const codeNames =
  'code script source program python pythoncode pycode pyscript snippet cell cellcode cellsource cells sourcecode js javascript jscode expression statement'.split(
    ' ',
  );
export const pathNames =
  'path filepath absolutepath absolutefilepath fullpath filename file targetfile pathinproject relativepath relativefilepath relativeworkspacepath paths filepaths files filenames filelist notebookpath imagepath localpath pathname documentpath sourcefile inputfile'.split(
    ' ',
  );
export const placeNames =
  'path paths dir dirs directory directories directorypath dirpath folder folderpath root rootdir rootpath searchpath searchpaths searchdir searchdirectory targetdirectories targetdirectory basepath basedir startpath location scope file filepath files absolutepath relativeworkspacepath'.split(
    ' ',
  );
export const workplaceNames =
  'cwd workdir workingdirectory workingdir currentdirectory currentworkingdirectory directory dir chdir execdir'.split(' ');
export const contentNames = 'content contents filetext filecontent filecontents codecontent newcontent newsource text data body'.split(' ');
export const beforeNames =
  'oldstr oldstring oldtext oldcontent oldcode targetcontent search original originaltext originalcode find searchblock searchtext from'.split(
    ' ',
  );
export const afterNames =
  'newstr newstring newtext newcontent replacementcontent replace replacement replacewith codeedit insert inserttext replaceblock replacementtext replacementcode to newcode updatedcontent'.split(
    ' ',
  );
export const addressNames =
  'url urls uri uris link links href address addresses website webpage pageurl targeturl sourceurl repositoryurl repourl endpoint baseurl site domain'.split(
    ' ',
  );
export const queryNames =
  'query queries q searchquery searchqueries searchterm searchterms searchtext searchstring keyword keywords terms term objective question topic search'.split(
    ' ',
  );
export const patternNames =
  'pattern patterns regex regexp pat searchpattern regexpattern querystring rgpattern expression query queries searchterm searchstring searchtext keyword keywords text term string search q'.split(
    ' ',
  );
export const fileNamePatternNames =
  'glob globs globpattern include includes includepattern filepattern filepatterns filenamepattern fileglob'.split(' ');
