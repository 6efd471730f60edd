using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Syntax;

/// <summary>A step that each line goes through: it may drop it, change it, or give it labels.</summary>
public abstract record LogStage
{
    private LogStage()
    {
    }

    public sealed override string ToString() => LogExprPrinter.Print(this);

    /// <param name="Operands">At least one; more than one are joined by <c>or</c>.</param>
    public sealed record Line(LineFilterOperator Operator, IReadOnlyList<LineOperand> Operands) : LogStage;

    /// <param name="Expressions">What to take; nothing for everything.</param>
    public sealed record Json(IReadOnlyList<Extraction> Expressions) : LogStage;

    /// <param name="Strict">Fails at the first pair that is none.</param>
    /// <param name="KeepEmpty">Keeps keys without a value.</param>
    /// <param name="Expressions">What to take; nothing for everything.</param>
    public sealed record Logfmt(bool Strict, bool KeepEmpty, IReadOnlyList<Extraction> Expressions) : LogStage;

    public sealed record Regexp(string Expression) : LogStage;

    public sealed record Pattern(string Text) : LogStage;

    public sealed record Unpack : LogStage;

    public sealed record Filter(LabelFilter Condition) : LogStage;

    public sealed record LineFormat(string Template) : LogStage;

    public sealed record LabelFormat(IReadOnlyList<Formatting> Formats) : LogStage;

    public sealed record Decolorize : LogStage;

    public sealed record Drop(IReadOnlyList<Selection> Labels) : LogStage;

    public sealed record Keep(IReadOnlyList<Selection> Labels) : LogStage;

    /// <summary>What a line is searched for.</summary>
    /// <param name="IsIp">The text is an address, a range of addresses or a network.</param>
    public readonly record struct LineOperand(string Text, bool IsIp);

    /// <summary>A label and where its value lies.</summary>
    public readonly record struct Extraction(string Label, string Expression);

    /// <summary>A label made of a template, or of another label, which is gone then.</summary>
    /// <param name="Source">A template, or the other label's name.</param>
    public readonly record struct Formatting(string Label, string Source, bool IsRename);

    /// <summary>A label, whatever its value or only where a matcher takes it.</summary>
    public readonly record struct Selection(string Label, LabelMatcher? Matcher);
}
