using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>The line without the sequences by which terminals colour text.</summary>
internal sealed class DecolorizeStage : LineStage
{
    private const string Sequences = "[\\x{1b}\\x{9b}][\\[\\]()#;?]*(?:(?:(?:[a-zA-Z\\d]*(?:;[a-zA-Z\\d]*)*)?\\x07)" +
        "|(?:(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PRZcf-ntqry=><~]))";

    private readonly GoRegex _sequences = GoRegex.Unanchored(Sequences);
    private readonly ByteText _line = new();

    public override bool Apply(ref LogLine line)
    {
        if (line.Text.IndexOf((byte)0x1b) >= 0 || line.Text.IndexOf("\u009b"u8) >= 0)
        {
            _line.Clear();
            _line.Add(_sequences.ReplaceAll(Encoding.UTF8.GetString(line.Text), ""));
            line.Text = _line.Written;
        }
        return true;
    }
}
