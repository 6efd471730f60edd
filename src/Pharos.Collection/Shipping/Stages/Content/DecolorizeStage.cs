using Pharos.Storage.Text;

namespace Pharos.Collection.Shipping.Stages.Content;

/// <summary><c>decolorize</c>: terminals' escape sequences go.</summary>
public sealed class DecolorizeStage : IStage
{
    private static readonly GoRegex Escapes = GoRegex.Unanchored(
        @"[\x{1B}\x{9B}][\[\]()#;?]*(?:(?:(?:[a-zA-Z\d]*(?:;[a-zA-Z\d]*)*)?\x{07})|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PRZcf-ntqry=><~]))");

    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        if (entry.Line.AsSpan().ContainsAny('\u001B', '\u009B'))
        {
            entry.Line = Escapes.ReplaceAll(entry.Line, "");
        }
        next.Take(entry);
    }
}
