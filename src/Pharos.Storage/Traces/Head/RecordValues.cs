using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Querying;
using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Head;

/// <summary>Tells which values a key has in a record; each text of it once.</summary>
internal static class RecordValues
{
    private const AttributeScopes SharedScopes = AttributeScopes.Resource | AttributeScopes.Scope;

    /// <summary>Those of spans that start in [<paramref name="startNs"/>, <paramref name="endNs"/>).</summary>
    /// <param name="storedKey">As it stands in a record.</param>
    public static void Tell(SpanRecord record, ReadOnlySpan<byte> storedKey, long startNs, long endNs, ISpanFacts into)
    {
        var (number, scopes) = (-1, AttributeScopes.None);
        foreach (var key in record.Facts.Keys)
        {
            if ((key.Scope & into.WantedScopes) != 0 && record.IsText(key.Key, storedKey))
            {
                (number, scopes) = (key.Key, scopes | key.Scope);
            }
        }
        if (scopes == AttributeScopes.None)
        {
            return;
        }
        var told = new Values(record, number, into);
        var knownScopes = new bool[record.Scopes.Length];
        for (var span = 0; span < record.Spans.Length && !into.IsFull; span++)
        {
            if (record.StartNsOf(span) is var start && (start < startNs || start >= endNs))
            {
                continue;
            }
            var read = RecordSpan.Read(record, span);
            if ((scopes & SharedScopes) != 0 && !knownScopes[read.Scope])
            {
                knownScopes[read.Scope] = true;
                RecordAttributes.OfScope(record, read.Scope, scopes, ref told);
            }
            RecordAttributes.OfSpan(record, read, scopes, ref told);
        }
    }

    private readonly struct Values(SpanRecord record, int wanted, ISpanFacts into) : IRecordAttributes
    {
        /// <summary>By number of a text: a bit for each kind in which it was told.</summary>
        private readonly byte[] _told = new byte[record.Texts.Length + 1];

        public bool Visit(AttributeScopes scope, int key, AttributeKind kind, ref ByteReader reader)
        {
            if (key != wanted)
            {
                SpanRecord.SkipValue(ref reader, kind);
                return false;
            }
            switch (kind)
            {
                case AttributeKind.Bool:
                    into.Value(AttributeValue.OfBool(reader.U8() != 0));
                    break;
                case AttributeKind.Int:
                    into.Value(AttributeValue.OfInt(reader.Varint()));
                    break;
                case AttributeKind.Double:
                    into.Value(AttributeValue.OfDouble(BitConverter.UInt64BitsToDouble(reader.U64())));
                    break;
                case AttributeKind.Empty:
                    into.Value(AttributeValue.Empty);
                    break;
                default:
                    Text((int)reader.UVarint(), kind);
                    break;
            }
            return into.IsFull;
        }

        private void Text(int number, AttributeKind kind)
        {
            if ((_told[number] & (1 << (int)kind)) != 0)
            {
                return;
            }
            _told[number] |= (byte)(1 << (int)kind);
            into.Value(kind switch
            {
                AttributeKind.Text => AttributeValue.OfText(record.TextString(number)),
                AttributeKind.Bytes => AttributeValue.OfBytes(record.Text(number).ToArray()),
                _ => AttributeValue.OfJson(kind, record.TextString(number)),
            });
        }
    }
}
