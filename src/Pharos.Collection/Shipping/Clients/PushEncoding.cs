using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Collection.Shipping.Stages;
using Pharos.Storage.Model;
using Snappier;

namespace Pharos.Collection.Shipping.Clients;

/// <summary>Writes entries as the body of a push to Loki.</summary>
internal static class PushEncoding
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>A snappy block of the protobuf message, streams in the order of their first entries.</summary>
    public static byte[] Encode(IEnumerable<ShippedEntry> entries, LabelSet externalLabels)
    {
        var message = new ProtobufWriter();
        foreach (var stream in entries.GroupBy(entry => ShipLabels.Of(entry, externalLabels)))
        {
            var streamMark = message.Begin(1);
            message.Text(1, stream.Key.ToBracedText());
            foreach (var entry in stream)
            {
                WriteEntry(message, entry);
            }
            message.End(streamMark);
        }
        return Snappy.CompressToArray(message.Written);
    }

    private static void WriteEntry(ProtobufWriter message, ShippedEntry entry)
    {
        var entryMark = message.Begin(2);
        var seconds = Math.DivRem(entry.TimeNs, NsPerSecond, out var nanoseconds);
        if (nanoseconds < 0)
        {
            (seconds, nanoseconds) = (seconds - 1, nanoseconds + NsPerSecond);
        }
        var timeMark = message.Begin(1);
        message.Int64(1, seconds);
        message.Int64(2, nanoseconds);
        message.End(timeMark);
        message.Bytes(2, entry.Utf8Line().Span);
        foreach (var (name, value) in entry.Metadata)
        {
            var pairMark = message.Begin(3);
            message.Text(1, name);
            message.Text(2, value);
            message.End(pairMark);
        }
        message.End(entryMark);
    }
}
