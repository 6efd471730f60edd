using YamlDotNet.Core;

namespace Pharos.Server.Configuration.Yaml;

/// <summary>A single value: its text after YAML's own unquoting and folding.</summary>
internal sealed class YamlScalar(string text, ScalarStyle style, string tag, int start, int end, int line, int column)
    : YamlNode(line, column)
{
    public string Text { get; } = text;

    public ScalarStyle Style { get; } = style;

    /// <summary>The explicit tag (<c>tag:yaml.org,2002:binary</c>), or empty.</summary>
    public string Tag { get; } = tag;

    /// <summary>Where the scalar starts in the source, header and quotes included; counts characters from 0.</summary>
    public int Start { get; } = start;

    /// <summary>The first character of the source behind the scalar.</summary>
    public int End { get; } = end;

    public bool IsPlain => Style is ScalarStyle.Plain or ScalarStyle.Any;

    /// <summary>Whether the value is YAML's null: nothing, <c>~</c> or <c>null</c>, unquoted.</summary>
    public bool IsNull => (IsPlain && Tag.Length == 0 && Text is "" or "~" or "null" or "Null" or "NULL") ||
        Tag == "tag:yaml.org,2002:null";

    /// <summary>Whether quotes or a tag say that the value is text and nothing else.</summary>
    public bool IsText => Tag == "tag:yaml.org,2002:str" || (!IsPlain && Tag.Length == 0);

    public override string Kind => IsNull ? "nothing" : "a single value";
}
