using System.Text;

namespace Pharos.Query.LogQL.Pipeline;

/// <summary>A label's name, and where in the current line's labels its value is. One object a name in each <see cref="LabelKeys"/>.</summary>
internal sealed class LabelKey(string name)
{
    private const string ExtractedSuffix = "_extracted";

    public string Name { get; } = name;

    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(name);

    /// <summary>The entry that counts; -1 where the line has no such label.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>The entry of the stream's label; -1 where the stream has none.</summary>
    public int StreamSlot { get; set; } = -1;

    /// <summary>Whether the line's structured metadata has it.</summary>
    public bool IsMetadata { get; set; }

    /// <summary>Whether a parser has found it in this line: what it finds first stays.</summary>
    public bool IsExtracted { get; set; }

    /// <summary>Whether the key has changed since the line began.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Whether a query that does not need all labels needs this one.</summary>
    public bool IsWanted { get; set; }

    public LabelKeyKind Kind { get; } = name switch
    {
        LineErrors.Label => LabelKeyKind.Error,
        LineErrors.DetailsLabel => LabelKeyKind.ErrorDetails,
        _ => LabelKeyKind.Plain,
    };

    /// <summary>The key under which is kept what would hide a label that the stream or the line brought along.</summary>
    public LabelKey? Extracted { get; set; }

    public static string ExtractedNameOf(string name) => name + ExtractedSuffix;

    public static bool IsExtractedName(string name) => name.EndsWith(ExtractedSuffix, StringComparison.Ordinal);
}
