"""Every PDF: plain dataclasses in, bytes out. One function a paper, no database, no clock, the same bytes again.

`proof` 送达回证, 电子送达凭证, 更正说明 · `address` 送达地址确认书 · `mail` 法院专递, 面单, 打印封装清单 ·
`notice` 公告 ·
`letters` 协查函, 委托送达函, 转交送达函 · `records` 送达笔录, 留置送达记录, 电话送达记录 · `bundle` print jobs ·
`glyphs` what our fonts cannot print · `barcodes` drawn and read back.
"""
