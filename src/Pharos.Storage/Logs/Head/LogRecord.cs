using Pharos.Storage.Encoding;

namespace Pharos.Storage.Logs.Head;

/// <summary>A batch as it stands in the log; docs/formats/log-wal.md has the byte diagram.</summary>
internal static class LogRecord
{
    /// <summary>First byte of a record.</summary>
    public const byte Batch = 1;

    /// <param name="head">Has the batch's streams, also those that are not published yet.</param>
    /// <param name="leftOut">Rising numbers of the batch's entries that are not stored.</param>
    public static void Write(LogHead head, LogBatch batch, IReadOnlyList<int> leftOut, ByteWriter into)
    {
        into.Clear();
        into.U8(Batch);
        into.UVarint((ulong)head.Generation);
        WriteNewStreams(head, into);
        into.UVarint((ulong)(batch.Count - leftOut.Count));
        var stream = 0;
        var timeNs = 0L;
        var next = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            if (next < leftOut.Count && leftOut[next] == i)
            {
                next++;
                continue;
            }
            var number = batch.StreamOf(i).Newest!.Number;
            into.Varint(number - stream);
            into.Varint(unchecked(batch.TimeNsOf(i) - timeNs));
            (stream, timeNs) = (number, batch.TimeNsOf(i));
            var line = batch.LineOf(i);
            var pairs = batch.MetadataCountOf(i);
            into.UVarint((ulong)line.Length);
            into.Bytes(line);
            into.UVarint((ulong)pairs);
            for (var pair = 0; pair < pairs; pair++)
            {
                Text(into, batch.MetadataNameOf(i, pair));
                Text(into, batch.MetadataValueOf(i, pair));
            }
        }
        into.UVarint((ulong)batch.Marks.Count);
        foreach (var (key, value) in batch.Marks)
        {
            into.Text(key);
            into.Text(value);
        }
    }

    private static void WriteNewStreams(LogHead head, ByteWriter into)
    {
        var count = 0;
        foreach (var stream in head.Touched)
        {
            count += stream.IsNamed ? 0 : 1;
        }
        into.UVarint((ulong)count);
        foreach (var stream in head.Touched)
        {
            if (stream.IsNamed)
            {
                continue;
            }
            into.UVarint((ulong)stream.Number);
            into.Text(stream.Stream.Tenant);
            into.UVarint((ulong)stream.Stream.Labels.Count);
            foreach (var label in stream.Stream.Labels.Span)
            {
                into.Text(label.Name);
                into.Text(label.Value);
            }
        }
    }

    private static void Text(ByteWriter into, ReadOnlySpan<byte> text)
    {
        into.UVarint((ulong)text.Length);
        into.Bytes(text);
    }
}
