namespace Pharos.Query.Templates.Syntax;

/// <summary>A template's syntax tree. <see cref="object.ToString"/> prints a node as Go's error texts quote it.</summary>
internal abstract class SyntaxNode(SourceText source, int position)
{
    public SourceText Source { get; } = source;

    /// <summary>Where the node stands in error texts, in characters from the start.</summary>
    public int Position { get; } = position;

    internal sealed class Text(SourceText source, int position, string content) : SyntaxNode(source, position)
    {
        public string Content { get; } = content;

        public override string ToString() => Content;
    }

    internal sealed class Action(SourceText source, int position, Pipeline pipeline) : SyntaxNode(source, position)
    {
        public Pipeline Value { get; } = pipeline;

        public override string ToString() => "{{" + Value + "}}";
    }

    internal sealed class List(SourceText source, int position) : SyntaxNode(source, position)
    {
        public List<SyntaxNode> Nodes { get; } = [];

        /// <summary>Whether it prints nothing but white space: such a definition does not replace another.</summary>
        public bool IsEmpty => Nodes.TrueForAll(static node =>
            node is Text text && string.IsNullOrWhiteSpace(text.Content));

        public override string ToString() => string.Concat(Nodes);
    }

    /// <summary><c>if</c>, <c>with</c> and <c>range</c>.</summary>
    internal sealed class Branch(SourceText source, int position, TokenKind kind, Pipeline pipeline, List body, List? otherwise)
        : SyntaxNode(source, position)
    {
        public TokenKind Kind { get; } = kind;

        public Pipeline Value { get; } = pipeline;

        public List Body { get; } = body;

        public List? Otherwise { get; } = otherwise;

        public override string ToString()
        {
            var name = Kind switch { TokenKind.If => "if", TokenKind.With => "with", _ => "range" };
            return "{{" + name + " " + Value + "}}" + Body + (Otherwise is null ? "" : "{{else}}" + Otherwise) + "{{end}}";
        }
    }

    /// <summary><c>break</c> and <c>continue</c>.</summary>
    internal sealed class Jump(SourceText source, int position, bool leaves) : SyntaxNode(source, position)
    {
        /// <summary>break, not continue.</summary>
        public bool Leaves { get; } = leaves;

        public override string ToString() => Leaves ? "{{break}}" : "{{continue}}";
    }

    internal sealed class Invocation(SourceText source, int position, string name, Pipeline? argument)
        : SyntaxNode(source, position)
    {
        public string Name { get; } = name;

        public Pipeline? Argument { get; } = argument;

        public override string ToString() => "{{template " + Storage.Text.GoQuote.Quote(Name) +
            (Argument is null ? "" : " " + Argument) + "}}";
    }

    internal sealed class Pipeline(SourceText source, int position) : SyntaxNode(source, position)
    {
        public List<string> Declares { get; } = [];

        /// <summary><c>=</c>, not <c>:=</c>.</summary>
        public bool Assigns { get; set; }

        public List<Command> Commands { get; } = [];

        public override string ToString() => (Declares.Count == 0 ? "" :
            string.Join(", ", Declares) + (Assigns ? " = " : " := ")) + string.Join(" | ", Commands);
    }

    internal sealed class Command(SourceText source, int position) : SyntaxNode(source, position)
    {
        public List<SyntaxNode> Words { get; } = [];

        public override string ToString() =>
            string.Join(' ', Words.Select(static word => word is Pipeline ? "(" + word + ")" : word.ToString()));
    }

    internal sealed class Identifier(SourceText source, int position, string name) : SyntaxNode(source, position)
    {
        public string Name { get; } = name;

        public override string ToString() => Name;
    }

    internal sealed class Variable(SourceText source, int position, string[] path) : SyntaxNode(source, position)
    {
        /// <summary>The variable with its dollar, then fields.</summary>
        public string[] Path { get; } = path;

        public override string ToString() => string.Join('.', Path);
    }

    internal sealed class Field(SourceText source, int position, string[] path) : SyntaxNode(source, position)
    {
        public string[] Path { get; } = path;

        public override string ToString() => "." + string.Join('.', Path);
    }

    /// <summary>Fields of a parenthesised pipeline or of a function's result.</summary>
    internal sealed class Chain(SourceText source, int position, SyntaxNode origin) : SyntaxNode(source, position)
    {
        public SyntaxNode Origin { get; } = origin;

        public List<string> Path { get; } = [];

        public override string ToString() =>
            (Origin is Pipeline ? "(" + Origin + ")" : Origin.ToString()) + string.Concat(Path.Select(static f => "." + f));
    }

    internal sealed class Dot(SourceText source, int position) : SyntaxNode(source, position)
    {
        public override string ToString() => ".";
    }

    internal sealed class Nil(SourceText source, int position) : SyntaxNode(source, position)
    {
        public override string ToString() => "nil";
    }

    internal sealed class Bool(SourceText source, int position, bool value) : SyntaxNode(source, position)
    {
        public bool Value { get; } = value;

        public override string ToString() => Value ? "true" : "false";
    }

    internal sealed class Number(SourceText source, int position, TemplateNumber value) : SyntaxNode(source, position)
    {
        public TemplateNumber Value { get; } = value;

        public override string ToString() => Value.Text;
    }

    internal sealed class String(SourceText source, int position, string quoted, string value) : SyntaxNode(source, position)
    {
        public string Value { get; } = value;

        public override string ToString() => quoted;
    }

    /// <summary><c>end</c> or <c>else</c>: what ends a list; never part of a finished tree.</summary>
    internal sealed class Terminator(SourceText source, int position, bool isElse) : SyntaxNode(source, position)
    {
        public bool IsElse { get; } = isElse;

        public override string ToString() => IsElse ? "{{else}}" : "{{end}}";
    }
}
