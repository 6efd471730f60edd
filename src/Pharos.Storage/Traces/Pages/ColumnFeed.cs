using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Blocks;
using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Pages;

/// <summary>Puts the attributes of a span in a record into the columns of a page.</summary>
internal readonly struct ColumnFeed(AttributeColumns columns, RecordNumbers numbers) : IRecordAttributes
{
    public bool Visit(AttributeScopes scope, int key, AttributeKind kind, ref ByteReader reader)
    {
        var symbol = numbers.Symbol(key);
        switch (kind)
        {
            case AttributeKind.Bool:
                columns.Add(symbol, kind, reader.U8() != 0 ? 1 : 0, default);
                break;
            case AttributeKind.Int:
                columns.Add(symbol, kind, reader.Varint(), default);
                break;
            case AttributeKind.Double:
                columns.Add(symbol, kind, (long)reader.U64(), default);
                break;
            case AttributeKind.Empty:
                columns.Add(symbol, kind, 0, default);
                break;
            case AttributeKind.Text or AttributeKind.Bytes or AttributeKind.Array or AttributeKind.Map:
                var number = reader.UVarint();
                if (number > (ulong)numbers.Record.Texts.Length)
                {
                    throw reader.Corrupt($"text {number} of {numbers.Record.Texts.Length}");
                }
                columns.Add(symbol, kind, 0, numbers.Record.Text((int)number));
                break;
            default:
                throw reader.Corrupt($"a value of kind {kind}");
        }
        return false;
    }
}
