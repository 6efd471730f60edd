using Pharos.Query.Results;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Rules;

/// <summary>A rule with what it remembers from one evaluation to the next.</summary>
/// <remarks>Belongs to one rule group and runs only inside its evaluation.</remarks>
internal abstract class RuleRuntime(RuleOptions options, RuleGroupOptions group)
{
    public RuleOptions Options { get; } = options;

    public RuleExpression Expression { get; } = RuleExpression.Of(options.Expr, group.LogTenant is not null);

    /// <summary>The group's labels, overridden by the rule's own.</summary>
    public IReadOnlyList<Label> Labels { get; } =
        [.. group.Labels.Where(label => options.Labels.All(own => own.Name != label.Name)), .. options.Labels];

    /// <summary>Name and labels: what makes a rule the same rule after a reload.</summary>
    public abstract string Identity { get; }

    /// <summary>The series of the last good evaluation; those that are missing in the next get a staleness marker.</summary>
    public HashSet<LabelSet> Series { get; set; } = [];

    public RuleSnapshot Snapshot { get; set; } = new() { Options = options };

    /// <returns>The samples to store.</returns>
    /// <exception cref="QueryException">The query failed.</exception>
    /// <exception cref="RuleFailedException">The result cannot be used.</exception>
    public abstract IReadOnlyList<VectorSample> Evaluate(RuleQuery query, DateTimeOffset at, TimeSpan offset, int limit,
        CancellationToken cancellation);

    public abstract RuleSnapshot WithAlerts(RuleSnapshot snapshot);

    public abstract void CopyState(RuleRuntime older);

    protected static string IdentityOf(string kind, string name, IEnumerable<Label> labels) =>
        $"{kind}/{name}/{string.Join(',', labels.OrderBy(label => label.Name, StringComparer.Ordinal))}";
}
