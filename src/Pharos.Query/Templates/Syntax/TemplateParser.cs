using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Query.Templates.Syntax;

/// <summary>Go's template grammar. The result holds one tree for the text itself, under its own name, and one for each
/// <c>define</c> and <c>block</c> in it.</summary>
internal sealed class TemplateParser
{
    /// <summary>The deepest nesting of actions and parentheses: bounds the recursion of parser and executor.</summary>
    private const int MaxNesting = 100;

    private readonly SourceText _source;
    private readonly List<Token> _tokens;
    private readonly Func<string, bool> _isFunction;
    private readonly Dictionary<string, SyntaxNode.List> _trees;
    private List<string> _variables = ["$"];
    private int _next;
    private int _furthest;
    private int _actionLine;
    private int _rangeDepth;
    private int _nesting;

    private TemplateParser(SourceText source, Func<string, bool> isFunction, Dictionary<string, SyntaxNode.List> trees)
    {
        _source = source;
        _isFunction = isFunction;
        _trees = trees;
        _tokens = TemplateLexer.Read(source.Text);
    }

    /// <exception cref="TemplateException">The text is no template.</exception>
    public static Dictionary<string, SyntaxNode.List> Parse(string name, string text, Func<string, bool> isFunction)
    {
        var trees = new Dictionary<string, SyntaxNode.List>(StringComparer.Ordinal);
        var parser = new TemplateParser(new SourceText(name, text), isFunction, trees);
        parser.Add(name, parser.ParseAll());
        return trees;
    }

    private SyntaxNode.List ParseAll()
    {
        var root = new SyntaxNode.List(_source, Peek().Position);
        while (Peek().Kind != TokenKind.End)
        {
            if (Peek().Kind == TokenKind.LeftDelimiter)
            {
                var start = _next;
                Next();
                if (NextNonSpace().Kind == TokenKind.Define)
                {
                    ParseDefinition();
                    continue;
                }
                _next = start;
            }
            var node = TextOrAction();
            if (node is SyntaxNode.Terminator)
            {
                throw Error($"unexpected {node}");
            }
            root.Nodes.Add(node);
        }
        return root;
    }

    private void ParseDefinition()
    {
        const string Context = "define clause";
        var token = NextNonSpace();
        if (token.Kind is not (TokenKind.String or TokenKind.RawString))
        {
            throw Unexpected(token, Context);
        }
        Expect(TokenKind.RightDelimiter, Context);
        Add(Unquote(token.Text), ParseBody(Context));
    }

    /// <summary>A list with its own variables and without a loop around it, up to <c>end</c>.</summary>
    private SyntaxNode.List ParseBody(string context)
    {
        var (variables, rangeDepth) = (_variables, _rangeDepth);
        (_variables, _rangeDepth) = (["$"], 0);
        var (body, end) = ItemList();
        if (end.IsElse)
        {
            throw Error($"unexpected {end} in {context}");
        }
        (_variables, _rangeDepth) = (variables, rangeDepth);
        return body;
    }

    private void Add(string name, SyntaxNode.List tree)
    {
        if (!_trees.TryGetValue(name, out var existing) || existing.IsEmpty)
        {
            _trees[name] = tree;
        }
        else if (!tree.IsEmpty)
        {
            throw Error($"template: multiple definition of template {GoQuote.Quote(name)}");
        }
    }

    private (SyntaxNode.List List, SyntaxNode.Terminator End) ItemList()
    {
        if (++_nesting > MaxNesting)
        {
            throw Error("nested too deeply");
        }
        var list = new SyntaxNode.List(_source, PeekNonSpace().Position);
        while (PeekNonSpace().Kind != TokenKind.End)
        {
            var node = TextOrAction();
            if (node is SyntaxNode.Terminator end)
            {
                _nesting--;
                return (list, end);
            }
            list.Nodes.Add(node);
        }
        throw Error("unexpected EOF");
    }

    private SyntaxNode TextOrAction()
    {
        var token = NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Text:
                return new SyntaxNode.Text(_source, token.Position, token.Text);
            case TokenKind.LeftDelimiter:
                _actionLine = token.Line;
                var action = Action();
                _actionLine = 0;
                return action;
            default:
                throw Unexpected(token, "input");
        }
    }

    private SyntaxNode Action()
    {
        var token = NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Block: return Block();
            case TokenKind.Break: return JumpControl(token, "{{break}}");
            case TokenKind.Continue: return JumpControl(token, "{{continue}}");
            case TokenKind.Else: return ElseControl();
            case TokenKind.EndKeyword:
                return new SyntaxNode.Terminator(_source, Expect(TokenKind.RightDelimiter, "end").Position, isElse: false);
            case TokenKind.If: return Control(TokenKind.If, "if");
            case TokenKind.Range: return Control(TokenKind.Range, "range");
            case TokenKind.Template: return TemplateControl();
            case TokenKind.With: return Control(TokenKind.With, "with");
            default:
                _next--;
                // Variables live until the enclosing end.
                return new SyntaxNode.Action(_source, Peek().Position, Pipeline("command", TokenKind.RightDelimiter));
        }
    }

    private SyntaxNode.Jump JumpControl(Token token, string name)
    {
        var next = NextNonSpace();
        if (next.Kind != TokenKind.RightDelimiter)
        {
            throw Unexpected(next, name);
        }
        return _rangeDepth > 0 ? new SyntaxNode.Jump(_source, token.Position, token.Kind == TokenKind.Break)
            : throw Error($"{name} outside {{{{range}}}}");
    }

    private SyntaxNode.Terminator ElseControl()
    {
        var next = PeekNonSpace();
        if (next.Kind is TokenKind.If or TokenKind.With)
        {
            return new SyntaxNode.Terminator(_source, next.Position, isElse: true);
        }
        return new SyntaxNode.Terminator(_source, Expect(TokenKind.RightDelimiter, "else").Position, isElse: true);
    }

    private SyntaxNode.Branch Control(TokenKind kind, string context)
    {
        var variables = _variables.Count;
        var pipeline = Pipeline(context, TokenKind.RightDelimiter);
        _rangeDepth += kind == TokenKind.Range ? 1 : 0;
        var (body, end) = ItemList();
        _rangeDepth -= kind == TokenKind.Range ? 1 : 0;
        SyntaxNode.List? otherwise = null;
        if (end.IsElse)
        {
            if (kind != TokenKind.Range && Peek().Kind == kind)
            {
                // "else if": an if inside the else that shares its end.
                Next();
                otherwise = new SyntaxNode.List(_source, end.Position);
                if (++_nesting > MaxNesting)
                {
                    throw Error("nested too deeply");
                }
                otherwise.Nodes.Add(Control(kind, context));
                _nesting--;
            }
            else
            {
                (otherwise, end) = ItemList();
                if (end.IsElse)
                {
                    throw Error($"expected end; found {end}");
                }
            }
        }
        _variables.RemoveRange(variables, _variables.Count - variables);
        return new SyntaxNode.Branch(_source, pipeline.Position, kind, pipeline, body, otherwise);
    }

    private SyntaxNode.Invocation Block()
    {
        const string Context = "block clause";
        var (token, name) = TemplateName(Context);
        var pipeline = Pipeline(Context, TokenKind.RightDelimiter);
        Add(name, ParseBody(Context));
        return new SyntaxNode.Invocation(_source, token.Position, name, pipeline);
    }

    private SyntaxNode.Invocation TemplateControl()
    {
        const string Context = "template clause";
        var (token, name) = TemplateName(Context);
        if (NextNonSpace().Kind == TokenKind.RightDelimiter)
        {
            return new SyntaxNode.Invocation(_source, token.Position, name, null);
        }
        _next--;
        return new SyntaxNode.Invocation(_source, token.Position, name, Pipeline(Context, TokenKind.RightDelimiter));
    }

    private (Token Token, string Name) TemplateName(string context)
    {
        var token = NextNonSpace();
        return token.Kind is TokenKind.String or TokenKind.RawString
            ? (token, Unquote(token.Text)) : throw Unexpected(token, context);
    }

    private SyntaxNode.Pipeline Pipeline(string context, TokenKind end)
    {
        if (++_nesting > MaxNesting)
        {
            throw Error("nested too deeply");
        }
        var pipeline = new SyntaxNode.Pipeline(_source, PeekNonSpace().Position);
        Declarations(pipeline, context);
        while (true)
        {
            var token = NextNonSpace();
            if (token.Kind == end)
            {
                Check(pipeline, context);
                _nesting--;
                return pipeline;
            }
            if (token.Kind is not (TokenKind.Bool or TokenKind.CharConstant or TokenKind.Dot or TokenKind.Field
                or TokenKind.Identifier or TokenKind.Number or TokenKind.Nil or TokenKind.RawString or TokenKind.String
                or TokenKind.Variable or TokenKind.LeftParen))
            {
                throw Unexpected(token, context);
            }
            _next--;
            pipeline.Commands.Add(Command());
        }
    }

    private void Declarations(SyntaxNode.Pipeline pipeline, string context)
    {
        while (PeekNonSpace() is { Kind: TokenKind.Variable } variable)
        {
            var start = _next;
            Next();
            var next = PeekNonSpace();
            if (next.Kind is TokenKind.Assign or TokenKind.Declare)
            {
                pipeline.Assigns = next.Kind == TokenKind.Assign;
                NextNonSpace();
                Declare(pipeline, variable);
                return;
            }
            if (next is not { Kind: TokenKind.Character, Text: "," })
            {
                _next = start;
                return;
            }
            NextNonSpace();
            Declare(pipeline, variable);
            if (context != "range" || pipeline.Declares.Count >= 2)
            {
                throw Error($"too many declarations in {context}");
            }
            if (PeekNonSpace().Kind is not (TokenKind.Variable or TokenKind.RightDelimiter or TokenKind.RightParen))
            {
                throw Error("range can only initialize variables");
            }
        }
    }

    private void Declare(SyntaxNode.Pipeline pipeline, Token variable)
    {
        pipeline.Declares.Add(variable.Text);
        _variables.Add(variable.Text);
    }

    private void Check(SyntaxNode.Pipeline pipeline, string context)
    {
        if (pipeline.Commands.Count == 0)
        {
            throw Error($"missing value for {context}");
        }
        for (var i = 1; i < pipeline.Commands.Count; i++)
        {
            if (pipeline.Commands[i].Words[0] is SyntaxNode.Bool or SyntaxNode.Dot or SyntaxNode.Nil
                or SyntaxNode.Number or SyntaxNode.String)
            {
                throw Error(string.Create(CultureInfo.InvariantCulture, $"non executable command in pipeline stage {i + 1}"));
            }
        }
    }

    private SyntaxNode.Command Command()
    {
        var command = new SyntaxNode.Command(_source, PeekNonSpace().Position);
        while (true)
        {
            PeekNonSpace();
            if (Operand() is { } operand)
            {
                command.Words.Add(operand);
            }
            var token = Next();
            if (token.Kind == TokenKind.Space)
            {
                continue;
            }
            if (token.Kind is TokenKind.RightDelimiter or TokenKind.RightParen)
            {
                _next--;
            }
            else if (token.Kind != TokenKind.Pipe)
            {
                throw Unexpected(token, "operand");
            }
            return command.Words.Count > 0 ? command : throw Error("empty command");
        }
    }

    private SyntaxNode? Operand()
    {
        var node = Term();
        if (node is null || Peek().Kind != TokenKind.Field)
        {
            return node;
        }
        var chain = new SyntaxNode.Chain(_source, Peek().Position, node);
        while (Peek().Kind == TokenKind.Field)
        {
            chain.Path.Add(Next().Text[1..]);
        }
        return node switch
        {
            SyntaxNode.Field field => new SyntaxNode.Field(_source, chain.Position, [.. field.Path, .. chain.Path]),
            SyntaxNode.Variable variable =>
                new SyntaxNode.Variable(_source, chain.Position, [.. variable.Path, .. chain.Path]),
            SyntaxNode.Bool or SyntaxNode.String or SyntaxNode.Number or SyntaxNode.Nil or SyntaxNode.Dot =>
                throw Error($"unexpected . after term {GoQuote.Quote(node.ToString()!)}"),
            _ => chain,
        };
    }

    private SyntaxNode? Term()
    {
        var token = NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                return _isFunction(token.Text) ? new SyntaxNode.Identifier(_source, token.Position, token.Text)
                    : throw Error($"function {GoQuote.Quote(token.Text)} not defined");
            case TokenKind.Dot:
                return new SyntaxNode.Dot(_source, token.Position);
            case TokenKind.Nil:
                return new SyntaxNode.Nil(_source, token.Position);
            case TokenKind.Variable:
                return _variables.Contains(token.Text) ? new SyntaxNode.Variable(_source, token.Position, [token.Text])
                    : throw Error($"undefined variable {GoQuote.Quote(token.Text)}");
            case TokenKind.Field:
                return new SyntaxNode.Field(_source, token.Position, [token.Text[1..]]);
            case TokenKind.Bool:
                return new SyntaxNode.Bool(_source, token.Position, token.Text == "true");
            case TokenKind.CharConstant or TokenKind.Number:
                return new SyntaxNode.Number(_source, token.Position, Number(token));
            case TokenKind.LeftParen:
                return Pipeline("parenthesized pipeline", TokenKind.RightParen);
            case TokenKind.String or TokenKind.RawString:
                return new SyntaxNode.String(_source, token.Position, token.Text, Unquote(token.Text));
            default:
                _next--;
                return null;
        }
    }

    private TemplateNumber Number(Token token)
    {
        try
        {
            return TemplateNumber.Parse(token.Text, token.Kind == TokenKind.CharConstant);
        }
        catch (TemplateException problem)
        {
            throw Error(problem.Message);
        }
    }

    private string Unquote(string literal) =>
        GoQuote.TryUnquote(literal, out var text) ? text : throw Error("invalid syntax");

    private Token Peek()
    {
        var at = Math.Min(_next, _tokens.Count - 1);
        _furthest = Math.Max(_furthest, at);
        return _tokens[at];
    }

    private Token Next()
    {
        var token = Peek();
        _next++;
        return token;
    }

    private Token NextNonSpace()
    {
        var token = Next();
        while (token.Kind == TokenKind.Space)
        {
            token = Next();
        }
        return token;
    }

    private Token PeekNonSpace()
    {
        while (Peek().Kind == TokenKind.Space)
        {
            _next++;
        }
        return Peek();
    }

    private Token Expect(TokenKind kind, string context)
    {
        var token = NextNonSpace();
        return token.Kind == kind ? token : throw Unexpected(token, context);
    }

    private TemplateException Unexpected(Token token, string context)
    {
        if (token.Kind != TokenKind.Error)
        {
            return Error($"unexpected {token} in {context}");
        }
        var extra = "";
        if (_actionLine != 0 && _actionLine != token.Line)
        {
            extra = string.Create(CultureInfo.InvariantCulture, $" in action started at {_source.Name}:{_actionLine}");
            if (token.Text.EndsWith(" action", StringComparison.Ordinal))
            {
                extra = extra[" in action".Length..];
            }
        }
        return Error(token.Text + extra);
    }

    private TemplateException Error(string message) => new(string.Create(CultureInfo.InvariantCulture,
        $"template: {_source.Name}:{_tokens[Math.Min(_furthest, _tokens.Count - 1)].Line}: {message}"));
}
