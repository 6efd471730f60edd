using Pharos.Query.Templates.Execution;
using Pharos.Query.Templates.Syntax;
using Pharos.Query.Templates.Values;

namespace Pharos.Query.Templates;

/// <summary>Templates that may call each other by name, and the functions they have.</summary>
/// <remarks>Immutable and thread-safe; adding makes another set.</remarks>
public sealed class TemplateSet
{
    private readonly Dictionary<string, SyntaxNode.List> _trees;
    private readonly IReadOnlyDictionary<string, TemplateFunction> _functions;

    public TemplateSet(IReadOnlyDictionary<string, TemplateFunction> functions)
        : this(functions, new Dictionary<string, SyntaxNode.List>(StringComparer.Ordinal))
    {
    }

    private TemplateSet(IReadOnlyDictionary<string, TemplateFunction> functions, Dictionary<string, SyntaxNode.List> trees)
    {
        _functions = functions;
        _trees = trees;
    }

    /// <summary>Whether a missing key of a map reads as the zero of its values; otherwise it prints
    /// <c>&lt;no value&gt;</c>.</summary>
    public bool MissingKeyIsZero { get; init; } = true;

    public IEnumerable<string> Names => _trees.Keys;

    /// <summary>The set with a text and its definitions; they replace those of the same name, unless they are empty.</summary>
    /// <exception cref="TemplateException">The text is no template.</exception>
    public TemplateSet With(string name, string text)
    {
        var trees = new Dictionary<string, SyntaxNode.List>(_trees, StringComparer.Ordinal);
        foreach (var (defined, tree) in TemplateParser.Parse(name, text, IsFunction))
        {
            if (!tree.IsEmpty || !trees.ContainsKey(defined))
            {
                trees[defined] = tree;
            }
        }
        return new TemplateSet(_functions, trees) { MissingKeyIsZero = MissingKeyIsZero };
    }

    /// <param name="host">What functions get to see beside their arguments.</param>
    /// <exception cref="TemplateException">The template fails on this data.</exception>
    public string ExecuteText(string name, TemplateValue data, object? host)
    {
        var sink = new TextSink();
        Execute(name, data, host, sink);
        return sink.ToString();
    }

    public void Execute(string name, TemplateValue data, object? host, ITemplateSink sink)
    {
        if (!_trees.ContainsKey(name))
        {
            throw new TemplateException($"template: no template {Storage.Text.GoQuote.Quote(name)} associated with template \"\"");
        }
        new TemplateExecution(this, host, sink).Run(name, data);
    }

    internal SyntaxNode.List? Find(string name) => _trees.GetValueOrDefault(name);

    internal TemplateFunction? FindFunction(string name) =>
        _functions.TryGetValue(name, out var function) || Builtins.All.TryGetValue(name, out function) ? function : null;

    private bool IsFunction(string name) => FindFunction(name) is not null;
}
