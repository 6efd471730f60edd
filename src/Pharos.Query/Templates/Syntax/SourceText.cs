using System.Globalization;
using System.Text;

namespace Pharos.Query.Templates.Syntax;

/// <summary>The text that a tree was parsed from, and its name in error texts.</summary>
internal sealed class SourceText(string name, string text)
{
    public string Name { get; } = name;

    public string Text { get; } = text;

    /// <summary><c>NAME:LINE:COLUMN</c>; the line counts from 1, the column in bytes from 0, as Go has it.</summary>
    public string Locate(int position)
    {
        var before = Text.AsSpan(0, position);
        var lineStart = before.LastIndexOf('\n') + 1;
        var column = Encoding.UTF8.GetByteCount(before[lineStart..]);
        return string.Create(CultureInfo.InvariantCulture, $"{Name}:{1 + before.Count('\n')}:{column}");
    }
}
