using System.Text;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>What of a query can be decided on blocks before any line of theirs is cut: texts that a line must have in it, and values that its
/// structured metadata must have. Immutable.</summary>
internal sealed class ScanPlan
{
    private readonly List<byte[][]> _literals = [];
    private readonly List<FoldedText> _folded = [];
    private readonly List<LabelMatcher> _metadata = [];

    private ScanPlan()
    {
    }

    /// <summary>The text by which lines are found in a block at once; null where there is none.</summary>
    public byte[]? Searched { get; private set; }

    /// <summary>The same where only a text in any case is known.</summary>
    public FoldedText? SearchedFolded { get; private set; }

    /// <summary>A label that a line must have with this value, from its stream or its metadata.</summary>
    public LabelMatcher? Metadata => _metadata.Count > 0 ? _metadata[0] : null;

    public static ScanPlan Of(IReadOnlyList<LogStage> stages)
    {
        var plan = new ScanPlan();
        var (lineIsRaw, labelsAreRaw) = (true, true);
        foreach (var stage in stages)
        {
            switch (stage)
            {
                case LogStage.Line line when lineIsRaw:
                    plan.Add(line);
                    break;
                case LogStage.Filter filter when labelsAreRaw:
                    plan.Add(filter.Condition);
                    break;
                case LogStage.LineFormat or LogStage.Unpack or LogStage.Decolorize:
                    lineIsRaw = false;
                    labelsAreRaw &= stage is not LogStage.Unpack;
                    break;
                case LogStage.Line or LogStage.Filter:
                    break;
                default:
                    labelsAreRaw = false;
                    break;
            }
        }
        // A text with a newline inside may span two lines of a block.
        plan.Searched = plan._literals.Where(static texts => texts.Length == 1 && !texts[0].Contains((byte)'\n'))
            .Select(static texts => texts[0]).MaxBy(static text => text.Length);
        plan.SearchedFolded = plan.Searched is null ? plan._folded.MaxBy(static text => text.Text.Length) : null;
        return plan;
    }

    /// <summary>False where nothing in the block can pass.</summary>
    public bool MayHold(ILogBlock block)
    {
        foreach (var texts in _literals)
        {
            if (!Array.Exists(texts, text => block.MayContain(text)))
            {
                return false;
            }
        }
        foreach (var folded in _folded)
        {
            // Filters know no case.
            if (!block.MayContain(folded.Text.Span))
            {
                return false;
            }
        }
        foreach (var matcher in _metadata)
        {
            if (!block.MayHaveMetadata(matcher.Name, Encoding.UTF8.GetBytes(matcher.Value))
                && !block.Runs.Any(run => run.Stream.Labels[matcher.Name] == matcher.Value))
            {
                return false;
            }
        }
        return true;
    }

    private void Add(LogStage.Line line)
    {
        if (line.Operands.Any(static operand => operand.IsIp))
        {
            return;
        }
        if (line.Operator == LineFilterOperator.Contains && line.Operands.All(static operand => operand.Text.Length > 0))
        {
            _literals.Add([.. line.Operands.Select(static operand => Encoding.UTF8.GetBytes(operand.Text))]);
        }
        else if (line.Operator == LineFilterOperator.Matches)
        {
            var expressions = line.Operands.Select(static operand => GoRegexBytes.Unanchored(operand.Text)).ToList();
            var required = expressions.ConvertAll(static expression => expression.Required);
            if (required.TrueForAll(static texts => texts is not null))
            {
                _literals.Add([.. required.SelectMany(static texts => texts!)]);
            }
            else if (expressions is [{ RequiredFolded: { } folded }])
            {
                _folded.Add(folded);
            }
        }
        else if (line is { Operator: LineFilterOperator.HasPattern, Operands.Count: 1 })
        {
            _literals.AddRange(Forms.LinePattern.Parse(line.Operands[0].Text).Parts
                .Where(static part => part.Literal is not null).Select(static part => new[] { part.Literal! }));
        }
    }

    private void Add(LabelFilter filter)
    {
        if (filter is LabelFilter.Text { Matcher: { Type: MatchType.Equal, Value.Length: > 0 } matcher }
            && !matcher.Name.StartsWith("__error", StringComparison.Ordinal)

            // It may be metadata of another name, which a label of the stream has.
            && !LabelKey.IsExtractedName(matcher.Name))
        {
            _metadata.Add(matcher);
        }
        else if (filter is LabelFilter.All all)
        {
            foreach (var part in all.Parts)
            {
                Add(part);
            }
        }
    }
}
