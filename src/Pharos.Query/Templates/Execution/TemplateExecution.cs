using System.Globalization;
using Pharos.Query.Templates.Syntax;
using Pharos.Query.Templates.Values;
using Pharos.Storage.Text;

namespace Pharos.Query.Templates.Execution;

/// <summary>One run of a template: walks the actions. <see cref="TemplateEvaluator"/> computes their pipelines.</summary>
/// <remarks>Not thread-safe and used once.</remarks>
internal sealed class TemplateExecution
{
    private readonly TemplateSet _set;
    private readonly object? _host;
    private readonly ITemplateSink _sink;
    private readonly TemplateBudget _budget = new();
    private int _depth;

    public TemplateExecution(TemplateSet set, object? host, ITemplateSink sink)
    {
        _set = set;
        _host = host;
        _sink = sink;
    }

    private enum Flow
    {
        Continues,
        NextIteration,
        LeavesLoop,
    }

    public void Run(string name, TemplateValue data)
    {
        var tree = _set.Find(name)!;
        var frame = new TemplateEvaluator(_set, name, data, _host, _budget) { At = tree };
        WalkAll(frame, data, tree);
    }

    private Flow WalkAll(TemplateEvaluator frame, TemplateValue dot, SyntaxNode.List list)
    {
        foreach (var node in list.Nodes)
        {
            var flow = Walk(frame, dot, node);
            if (flow != Flow.Continues)
            {
                return flow;
            }
        }
        return Flow.Continues;
    }

    private Flow Walk(TemplateEvaluator frame, TemplateValue dot, SyntaxNode node)
    {
        frame.At = node;
        Within(frame, _budget.Step);
        switch (node)
        {
            case SyntaxNode.Text text:
                Within(frame, () => _sink.WriteText(text.Content));
                return Flow.Continues;
            case SyntaxNode.Action action:
                var value = frame.EvaluatePipeline(dot, action.Value);
                if (action.Value.Declares.Count == 0)
                {
                    Within(frame, () => _sink.WriteValue(value, LastFunction(action.Value)));
                }
                return Flow.Continues;
            case SyntaxNode.Jump jump:
                return jump.Leaves ? Flow.LeavesLoop : Flow.NextIteration;
            case SyntaxNode.Branch { Kind: TokenKind.Range } range:
                return Range(frame, dot, range);
            case SyntaxNode.Branch branch:
                return IfOrWith(frame, dot, branch);
            case SyntaxNode.Invocation invocation:
                Invoke(frame, dot, invocation);
                return Flow.Continues;
            default:
                throw frame.Error("unknown node: " + node);
        }
    }

    private Flow IfOrWith(TemplateEvaluator frame, TemplateValue dot, SyntaxNode.Branch branch)
    {
        var mark = frame.VariableCount;
        var value = frame.EvaluatePipeline(dot, branch.Value);
        var flow = Flow.Continues;
        if (value.IsTrue)
        {
            flow = WalkAll(frame, branch.Kind == TokenKind.With ? value : dot, branch.Body);
        }
        else if (branch.Otherwise is not null)
        {
            flow = WalkAll(frame, dot, branch.Otherwise);
        }
        frame.PopVariables(mark);
        return flow;
    }

    private Flow Range(TemplateEvaluator frame, TemplateValue dot, SyntaxNode.Branch range)
    {
        var outer = frame.VariableCount;
        var value = frame.EvaluatePipeline(dot, range.Value);
        var any = false;
        foreach (var (key, element) in Elements(frame, range, value))
        {
            any = true;
            var mark = frame.VariableCount;
            frame.SetLoopVariables(range.Value, key, element);
            Within(frame, _budget.Step);
            var flow = WalkAll(frame, element, range.Body);
            frame.PopVariables(mark);
            if (flow == Flow.LeavesLoop)
            {
                break;
            }
        }
        var result = !any && range.Otherwise is not null ? WalkAll(frame, dot, range.Otherwise) : Flow.Continues;
        frame.PopVariables(outer);
        return result;
    }

    private static IEnumerable<(TemplateValue Key, TemplateValue Element)> Elements(
        TemplateEvaluator frame, SyntaxNode.Branch range, TemplateValue value)
    {
        switch (value.Kind)
        {
            case TemplateKind.None:
                break;
            case TemplateKind.List:
                for (var i = 0; i < value.List.Items.Count; i++)
                {
                    yield return ((long)i, value.List.Items[i]);
                }
                break;
            case TemplateKind.Map:
                foreach (var (key, element) in value.Map.Entries)
                {
                    yield return (key, element);
                }
                break;
            case TemplateKind.Integer:
                if (range.Value.Declares.Count > 1)
                {
                    throw frame.Error($"can't use {GoPrinter.Print(value)} to iterate over more than one variable");
                }
                for (var i = 0L; i < value.Integer; i++)
                {
                    yield return (i, i);
                }
                break;
            default:
                throw frame.Error("range can't iterate over " + GoPrinter.Print(value));
        }
    }

    private void Invoke(TemplateEvaluator frame, TemplateValue dot, SyntaxNode.Invocation invocation)
    {
        frame.At = invocation;
        if (_set.Find(invocation.Name) is not { } tree)
        {
            throw frame.Error($"template {GoQuote.Quote(invocation.Name)} not defined");
        }
        if (_depth == TemplateLimits.MaxDepth)
        {
            throw frame.Error(string.Create(CultureInfo.InvariantCulture,
                $"exceeded maximum template depth ({TemplateLimits.MaxDepth})"));
        }
        var argument = invocation.Argument is null ? TemplateValue.None : frame.EvaluatePipeline(dot, invocation.Argument);
        _depth++;
        WalkAll(new TemplateEvaluator(_set, invocation.Name, argument, _host, _budget) { At = tree }, argument, tree);
        _depth--;
    }

    /// <summary>Adds to an error where it happened.</summary>
    private static void Within(TemplateEvaluator frame, Action action)
    {
        try
        {
            action();
        }
        catch (TemplateException problem)
        {
            throw frame.Error(problem.Message);
        }
    }

    private static string? LastFunction(SyntaxNode.Pipeline pipeline) =>
        pipeline.Commands[^1].Words[0] is SyntaxNode.Identifier identifier ? identifier.Name : null;
}
