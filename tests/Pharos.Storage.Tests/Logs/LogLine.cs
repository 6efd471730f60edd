using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Logs;

/// <summary>An entry with its stream's labels.</summary>
internal sealed record LogLine(LabelSet Labels, long TimeNs, byte[] Bytes, (string Name, string Value)[] Metadata)
{
    public LogLine(LabelSet labels, long timeNs, string line, params (string Name, string Value)[] metadata)
        : this(labels, timeNs, System.Text.Encoding.UTF8.GetBytes(line), metadata)
    {
    }

    public override string ToString() => Make.Text(Labels, TimeNs, Bytes, Metadata);
}
