"""Why a file is not accepted, in words for people."""

# code -> what a person reads; {…} is filled with what was found
REFUSALS: dict[str, str] = {
    "empty": "文件是空的",
    "too_large": "文件太大：{size:.1f} MB，上限 {limit:.0f} MB",
    "too_many_pages": "页数太多：{pages} 页，上限 {limit} 页",
    "name_missing": "文件没有名称",
    "name_too_long": "文件名太长，上限 {limit} 个字节",
    "name_control": "文件名含有看不见的控制字符",
    "name_direction": "文件名含有改变书写方向的字符，显示的扩展名可能是假的",
    "name_path": "文件名含有路径分隔符",
    "name_reserved": "文件名是系统保留名或以点、空格结尾",
    "name_double": "文件名中藏有可执行文件的扩展名：{found}",
    "wrong_type": "不接受这种文件，只收 PDF、DOCX、TXT、JPG、PNG",
    "type_mismatch": "文件内容与扩展名不符：名称说是 {said}，内容是 {found}",
    "digest_malformed": "申报的 SHA-256 应为 64 位十六进制数",
    "digest_mismatch": "文件内容与申报的 SHA-256 不一致",
    "encrypted": "文件已加密，请上传未加密的文件",
    "damaged": "文件已损坏，无法打开",
    "active_content": "PDF 含有脚本、启动动作或内嵌文件：{found}",
    "macros": "文档含有宏或内嵌程序",
    "archive_bomb": "文档解压后过大或压缩比异常",
    "archive_path": "文档内部含有越界的路径",
    "virus_signature": "文件含有病毒测试特征串",
    "bad_encoding": "文本文件的编码无法识别，请存为 UTF-8 或 GB18030",
    "no_text": "PDF 中没有文字，可能是扫描件，请先做文字识别",
    "sheet_type": "请上传 .xlsx 表格",
    "sheet_old": "不收旧格式 .xls 或加密的表格，请另存为 .xlsx",
    "sheet_links": "表格引用了外部文件，请去掉链接后再上传",
    "sheet_missing": "表格中没有名为“{sheet}”的工作表，请用下载的模板填写",
    "sheet_headings": "缺少这些列：{missing}；请用下载的模板填写",
    "sheet_too_long": "行数太多，一次最多 {limit} 行",
    "not_a_scan": "扫描件只收 PDF、TIFF、JPG、PNG",
    "not_readable": "只能从 PDF、DOCX、TXT 文件中读取文字",
}


class Refused(Exception):
    """A file is not accepted. `code` is for machines, the message for people, `field` says which input is wrong."""

    def __init__(self, code: str, field: str = "content", **found: object) -> None:
        self.code, self.field = code, field
        self.message = REFUSALS[code].format(**found)
        super().__init__(self.message)
