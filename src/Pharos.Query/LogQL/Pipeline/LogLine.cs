namespace Pharos.Query.LogQL.Pipeline;

/// <summary>The line that a pipeline works on.</summary>
internal ref struct LogLine
{
    public LogLine(ReadOnlySpan<byte> text, long timeNs, LineLabels labels)
    {
        Text = text;
        TimeNs = timeNs;
        Labels = labels;
    }

    /// <summary>UTF-8, as it is now; stages may put another text in its place, which lives until the next line.</summary>
    public ReadOnlySpan<byte> Text { get; set; }

    public long TimeNs { get; }

    public LineLabels Labels { get; }
}
