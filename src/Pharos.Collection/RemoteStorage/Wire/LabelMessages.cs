using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Wire;

/// <summary>Writes the messages Label and Sample of prompb/types.proto.</summary>
internal static class LabelMessages
{
    public static void WriteLabels(ProtobufWriter writer, int field, LabelSet labels)
    {
        foreach (var label in labels.Span)
        {
            var message = writer.Begin(field);
            writer.Text(1, label.Name);
            writer.Text(2, label.Value);
            writer.End(message);
        }
    }

    public static void WriteSample(ProtobufWriter writer, int field, double value, long timestampMs)
    {
        var message = writer.Begin(field);
        writer.Double(1, value);
        writer.Int64(2, timestampMs);
        writer.End(message);
    }
}
