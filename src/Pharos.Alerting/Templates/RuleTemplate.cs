using Pharos.Alerting.Templates.Functions;
using Pharos.Query.Templates;
using Pharos.Query.Templates.Values;

namespace Pharos.Alerting.Templates;

/// <summary>The text of one label or annotation of a rule, in Go's template language with Prometheus' functions.</summary>
/// <remarks>Immutable and thread-safe: parse once, expand at every evaluation.</remarks>
public sealed class RuleTemplate
{
    /// <summary>What Prometheus puts in front of every text. Columns in error texts count it.</summary>
    private const string Definitions = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}" +
        "{{$externalURL := .ExternalURL}}{{$value := .Value}}";

    /// <summary>The functions that a text may call, Go's own left out.</summary>
    public static IEnumerable<string> FunctionNames => PrometheusFunctions.All.Keys;

    private static readonly TemplateSet Functions = new(PrometheusFunctions.All);

    private static readonly TemplateType DataType = new(
        "struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }")
    {
        Fields =
        [
            ("Labels", static data => TemplateMap.Of(((RuleTemplateContext)data).Labels, TemplateType.StringMap)),
            ("ExternalLabels",
                static data => TemplateMap.Of(((RuleTemplateContext)data).ExternalLabels, TemplateType.StringMap)),
            ("ExternalURL", static data => ((RuleTemplateContext)data).ExternalUrl),
            ("Value", static data => ((RuleTemplateContext)data).Value),
        ],
    };

    private readonly string _text;
    private readonly TemplateSet? _templates;

    private RuleTemplate(string name, string text, TemplateSet? templates, string? problem)
    {
        Name = name;
        _text = text;
        _templates = templates;
        Problem = problem;
    }

    /// <summary>The template's name in error texts: <c>__alert_</c> and the alert's name, as in Prometheus.</summary>
    public string Name { get; }

    /// <summary>The syntax error, or null.</summary>
    public string? Problem { get; }

    /// <summary>Never throws: what is wrong with the text, <see cref="Problem"/> and <see cref="Expand"/> say.</summary>
    public static RuleTemplate Parse(string name, string text)
    {
        if (!text.Contains("{{", StringComparison.Ordinal))
        {
            return new RuleTemplate(name, text, null, null);
        }
        try
        {
            return new RuleTemplate(name, text, Functions.With(name, Definitions + text), null);
        }
        catch (TemplateException problem)
        {
            return new RuleTemplate(name, text, null, problem.Message);
        }
    }

    /// <summary>The syntax error of a text, or null. Rule files with such a text are rejected.</summary>
    public static string? Check(string name, string text) => Parse(name, text).Problem;

    /// <summary>The expanded text, or <c>&lt;error expanding template: ...&gt;</c>.</summary>
    public string Expand(RuleTemplateContext context)
    {
        TryExpand(context, out var text);
        return text;
    }

    /// <summary>As <see cref="Expand"/>; false where the text is an error's.</summary>
    public bool TryExpand(RuleTemplateContext context, out string text)
    {
        text = _text;
        if (Problem is not null)
        {
            text = $"<error expanding template: error parsing template {Name}: {Problem}>";
            return false;
        }
        if (_templates is null)
        {
            return true;
        }
        try
        {
            text = _templates.ExecuteText(Name, new TemplateObject(DataType, context), context);
            return true;
        }
        catch (TemplateException problem)
        {
            text = $"<error expanding template: error executing template {Name}: {problem.Message}>";
            return false;
        }
    }
}
