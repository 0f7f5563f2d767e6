/** Words of gcc, binutils and the C library in the languages that they are translated to (po files of gcc and glibc). */
interface Words {
  /** For the scanner: one of them is in every line. */
  readonly anchors: readonly string[]
  /** Source of an expression. */
  readonly source: string
}

function wordsOf(words: readonly string[]): Words {
  return { anchors: words, source: words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|') }
}

/** Without its colon such a word stands in far too many lines: `packagefile errors=…`. */
function beforeColon(words: readonly string[]): Words {
  return { ...wordsOf(words), anchors: words.flatMap((word) => COLONS.map((colon) => word + colon)) }
}

/** ENOENT of a C program. */
export const NO_SUCH_FILE: Words = wordsOf([
  'No such file or directory',
  '没有那个文件或目录',
  '沒有此一檔案或目錄',
  'Datei oder Verzeichnis nicht gefunden',
  'Aucun fichier ou dossier de ce type',
  'Aucun fichier ou dossier de ce nom',
  'No existe el archivo o el directorio',
  'No existe el fichero o el directorio',
  'Нет такого файла или каталога',
  'そのようなファイルやディレクトリはありません',
  '그런 파일이나 디렉터리가 없습니다',
  'Arquivo ou diretório inexistente',
  'Ficheiro ou pasta inexistente',
  'File o directory non esistente',
  'Nie ma takiego pliku ani katalogu',
  'Bestand of map bestaat niet'
])

const COLONS = [':', ' :', '：', ' ：']

/** What stands before the colon and the message of an error; a fatal one ends in the same words. */
export const ERROR: Words = beforeColon([
  'error',
  '错误',
  '錯誤',
  'Fehler',
  'erreur',
  'erreur fatale',
  'error fatal',
  'ошибка',
  'エラー',
  '오류',
  'erro',
  'erro fatal',
  'errore',
  'błąd',
  'fout'
])

/** ld about a symbol that nobody defines. */
export const UNDEFINED_REFERENCE: Words = wordsOf([
  'undefined reference to ',
  '未定义的引用',
  '未定義的參考',
  '未定義參考到',
  'nicht definierter Verweis auf ',
  'Nicht definierter Verweis auf ',
  'référence indéfinie vers ',
  'référence à « ',
  'referencia a «',
  'referencia a `',
  'неопределённая ссылка на ',
  'неопределенная ссылка на ',
  'に対する定義されていない参照です',
  'への定義されていない参照です',
  '에 대한 정의되지 않은 참조',
  'referência não definida para ',
  'referência indefinida para ',
  'riferimento non definito a ',
  'niezdefiniowane odwołanie do '
])
