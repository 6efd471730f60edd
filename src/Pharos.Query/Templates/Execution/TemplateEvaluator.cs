using System.Globalization;
using Pharos.Query.Templates.Syntax;
using Pharos.Query.Templates.Values;
using Pharos.Storage.Text;
using static Pharos.Query.Templates.Execution.TemplateFunction;

namespace Pharos.Query.Templates.Execution;

/// <summary>Computes the pipelines of one template: its variables, field chains and calls.</summary>
/// <remarks>Each <c>{{template}}</c> has its own, whose only variable is <c>$</c>.</remarks>
internal sealed class TemplateEvaluator
{
    private readonly TemplateSet _set;
    private readonly string _name;
    private readonly object? _host;
    private readonly TemplateBudget _budget;
    private readonly List<(string Name, TemplateValue Value)> _variables;

    public TemplateEvaluator(TemplateSet set, string name, TemplateValue data, object? host, TemplateBudget budget)
    {
        _set = set;
        _name = name;
        _host = host;
        _budget = budget;
        _variables = [("$", data)];
    }

    /// <summary>The node that an error text names.</summary>
    public required SyntaxNode At { get; set; }

    public int VariableCount => _variables.Count;

    public TemplateException Error(string message) => new(string.Create(CultureInfo.InvariantCulture,
        $"template: {At.Source.Locate(At.Position)}: executing {GoQuote.Quote(_name)} at <{At}>: {message}"));

    public void PopVariables(int count) => _variables.RemoveRange(count, _variables.Count - count);

    /// <summary>With one variable it is the element, with two the first is the key.</summary>
    public void SetLoopVariables(SyntaxNode.Pipeline pipeline, TemplateValue key, TemplateValue element)
    {
        var names = pipeline.Declares;
        for (var i = 0; i < names.Count; i++)
        {
            var value = i == 0 && names.Count > 1 ? key : element;
            if (pipeline.Assigns)
            {
                SetVariable(names[i], value);
            }
            else
            {
                // The pipeline itself has pushed them, in order, before the loop.
                _variables[_variables.Count - names.Count + i] = (names[i], value);
            }
        }
    }

    public TemplateValue EvaluatePipeline(TemplateValue dot, SyntaxNode.Pipeline pipeline)
    {
        At = pipeline;
        TemplateValue? value = null;
        foreach (var command in pipeline.Commands)
        {
            value = EvaluateCommand(dot, command, value);
        }
        foreach (var name in pipeline.Declares)
        {
            if (pipeline.Assigns)
            {
                SetVariable(name, value!.Value);
            }
            else
            {
                _variables.Add((name, value!.Value));
            }
        }
        return value!.Value;
    }

    /// <param name="final">The value of the stage before: the last argument of this one.</param>
    private TemplateValue EvaluateCommand(TemplateValue dot, SyntaxNode.Command command, TemplateValue? final)
    {
        var first = command.Words[0];
        var arguments = command.Words;
        switch (first)
        {
            case SyntaxNode.Field field:
                return EvaluateField(dot, field, arguments, final);
            case SyntaxNode.Chain chain:
                return EvaluateChain(dot, chain, arguments, final);
            case SyntaxNode.Identifier identifier:
                return EvaluateFunction(dot, identifier, command, arguments, final);
            case SyntaxNode.Pipeline pipeline:
                RefuseArguments(arguments, final);
                return EvaluatePipeline(dot, pipeline);
            case SyntaxNode.Variable variable:
                return EvaluateVariable(dot, variable, arguments, final);
            default:
                At = first;
                RefuseArguments(arguments, final);
                return first switch
                {
                    SyntaxNode.Bool word => word.Value,
                    SyntaxNode.Dot => dot,
                    SyntaxNode.Nil => throw Error("nil is not a command"),
                    SyntaxNode.Number word => Constant(word),
                    SyntaxNode.String word => word.Value,
                    _ => throw Error($"can't evaluate command {GoQuote.Quote(first.ToString()!)}"),
                };
        }
    }

    private TemplateValue EvaluateField(
        TemplateValue dot, SyntaxNode.Field field, List<SyntaxNode>? arguments, TemplateValue? final)
    {
        At = field;
        return EvaluateFields(dot, dot, field, field.Path, arguments, final);
    }

    private TemplateValue EvaluateChain(
        TemplateValue dot, SyntaxNode.Chain chain, List<SyntaxNode>? arguments, TemplateValue? final)
    {
        At = chain;
        if (chain.Origin is SyntaxNode.Nil)
        {
            throw Error($"indirection through explicit nil in {chain}");
        }
        var origin = EvaluateArgument(dot, Any, chain.Origin);
        return EvaluateFields(dot, origin, chain, chain.Path, arguments, final);
    }

    private TemplateValue EvaluateVariable(
        TemplateValue dot, SyntaxNode.Variable variable, List<SyntaxNode>? arguments, TemplateValue? final)
    {
        At = variable;
        var value = _variables[_variables.FindLastIndex(v => v.Name == variable.Path[0])].Value;
        if (variable.Path.Length == 1)
        {
            RefuseArguments(arguments, final);
            return value;
        }
        return EvaluateFields(dot, value, variable, variable.Path[1..], arguments, final);
    }

    private TemplateValue EvaluateFields(
        TemplateValue dot, TemplateValue receiver, SyntaxNode node, IReadOnlyList<string> path,
        List<SyntaxNode>? arguments, TemplateValue? final)
    {
        for (var i = 0; i < path.Count - 1; i++)
        {
            receiver = EvaluateField(dot, receiver, path[i], node, null, null);
        }
        return EvaluateField(dot, receiver, path[^1], node, arguments, final);
    }

    private TemplateValue EvaluateField(
        TemplateValue dot, TemplateValue receiver, string name, SyntaxNode node,
        List<SyntaxNode>? arguments, TemplateValue? final)
    {
        if (receiver.Kind == TemplateKind.None)
        {
            return TemplateValue.None;
        }
        if (receiver.Type is { } type)
        {
            if (type.Methods.TryGetValue(name, out var method))
            {
                return Call(dot, method, node, (name, receiver), arguments, final);
            }
            foreach (var (field, get) in type.Fields)
            {
                if (field == name)
                {
                    return arguments is null or { Count: <= 1 } && final is null ? get(receiver.Object.Host)
                        : throw Error($"{name} has arguments but cannot be invoked as function");
                }
            }
        }
        if (receiver.Kind != TemplateKind.Map)
        {
            throw Error($"can't evaluate field {name} in type {receiver.TypeName}");
        }
        if (arguments is { Count: > 1 } || final is not null)
        {
            throw Error($"{name} is not a method but has arguments");
        }
        return receiver.Map.Entries.TryGetValue(name, out var found) ? found
            : _set.MissingKeyIsZero ? receiver.Map.Zero : TemplateValue.None;
    }

    private TemplateValue EvaluateFunction(
        TemplateValue dot, SyntaxNode.Identifier identifier, SyntaxNode command, List<SyntaxNode>? arguments,
        TemplateValue? final)
    {
        At = identifier;
        var function = _set.FindFunction(identifier.Name)
            ?? throw Error($"{GoQuote.Quote(identifier.Name)} is not a defined function");
        return Call(dot, function, command, (identifier.Name, TemplateValue.None), arguments, final);
    }

    /// <param name="arguments">With the function's own word in front, or null for none.</param>
    private TemplateValue Call(
        TemplateValue dot, TemplateFunction function, SyntaxNode node, (string Name, TemplateValue Receiver) callee,
        List<SyntaxNode>? arguments, TemplateValue? final)
    {
        var name = callee.Name;
        var given = arguments is null ? 0 : arguments.Count - 1;
        var count = given + (final is null ? 0 : 1);
        var parameters = function.Parameters;
        var fixedCount = function.IsVariadic ? parameters.Length - 1 : parameters.Length;
        if (function.IsVariadic ? count < fixedCount : count != fixedCount)
        {
            throw Error(function.IsVariadic
                ? $"wrong number of args for {name}: want at least {fixedCount} got {given}"
                : $"wrong number of args for {name}: want {fixedCount} got {count}");
        }
        if (name is "and" or "or" && ReferenceEquals(function, Builtins.All[name]))
        {
            return ShortCircuit(dot, arguments, final, stopsAt: name == "or");
        }
        var values = new TemplateValue[count];
        for (var i = 0; i < count; i++)
        {
            var parameter = parameters[Math.Min(i, parameters.Length - 1)];
            values[i] = i < given ? EvaluateArgument(dot, parameter, arguments![i + 1]) : Validate(final!.Value, parameter);
        }
        try
        {
            Array.ForEach(values, _budget.Make);
            var result = function.Invoke(new TemplateCall(callee.Receiver, values, _host));
            _budget.Make(result);
            return result;
        }
        catch (TemplateException problem)
        {
            At = node;
            throw Error($"error calling {name}: {problem.Message}");
        }
    }

    private TemplateValue ShortCircuit(TemplateValue dot, List<SyntaxNode>? arguments, TemplateValue? final, bool stopsAt)
    {
        var value = TemplateValue.None;
        for (var i = 1; i < (arguments?.Count ?? 0); i++)
        {
            value = EvaluateArgument(dot, Any, arguments![i]);
            if (value.IsTrue == stopsAt)
            {
                return value;
            }
        }
        return final ?? value;
    }

    private TemplateValue EvaluateArgument(TemplateValue dot, string parameter, SyntaxNode node)
    {
        At = node;
        return node switch
        {
            SyntaxNode.Dot => Validate(dot, parameter),
            SyntaxNode.Nil => CanBeNil(parameter) ? TemplateValue.None : throw Error($"cannot assign nil to {parameter}"),
            SyntaxNode.Field field => Validate(EvaluateField(dot, field, null, null), parameter),
            SyntaxNode.Variable variable => Validate(EvaluateVariable(dot, variable, null, null), parameter),
            SyntaxNode.Pipeline pipeline => Validate(EvaluatePipeline(dot, pipeline), parameter),
            SyntaxNode.Identifier identifier =>
                Validate(EvaluateFunction(dot, identifier, identifier, null, null), parameter),
            SyntaxNode.Chain chain => Validate(EvaluateChain(dot, chain, null, null), parameter),
            _ => Literal(parameter, node),
        };
    }

    /// <summary>A literal takes the parameter's type where it can: 5 is a float for a float parameter.</summary>
    private TemplateValue Literal(string parameter, SyntaxNode node) => (parameter, node) switch
    {
        (Any, SyntaxNode.Bool word) => word.Value,
        (Any, SyntaxNode.Number word) => Constant(word),
        (Any or Text, SyntaxNode.String word) => word.Value,
        (Float, SyntaxNode.Number { Value.IsFloat: true } word) => word.Value.Float,
        (Integer, SyntaxNode.Number { Value.IsInteger: true } word) => word.Value.Integer,
        (Float, _) => throw Error($"expected float; found {node}"),
        (Integer, _) => throw Error($"expected integer; found {node}"),
        (Text, _) => throw Error($"expected string; found {node}"),
        _ => throw Error($"can't handle {node} for arg of type {parameter}"),
    };

    private TemplateValue Validate(TemplateValue value, string parameter)
    {
        if (value.Kind == TemplateKind.None)
        {
            return CanBeNil(parameter) ? value : throw Error($"invalid value; expected {parameter}");
        }
        return Accepts(parameter, value) ? value
            : throw Error($"wrong type for value; expected {parameter}; got {value.TypeName}");
    }

    private static TemplateValue Constant(SyntaxNode.Number word) =>
        word.Value.IsFractional ? (TemplateValue)word.Value.Float : word.Value.Integer;

    private void RefuseArguments(List<SyntaxNode>? arguments, TemplateValue? final)
    {
        if (arguments is { Count: > 1 } || final is not null)
        {
            throw Error($"can't give argument to non-function {arguments![0]}");
        }
    }

    private void SetVariable(string name, TemplateValue value)
    {
        var at = _variables.FindLastIndex(v => v.Name == name);
        _variables[at] = (name, value);
    }
}
