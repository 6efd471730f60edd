using Pharos.Storage.Model;

namespace Pharos.Server.Logs;

/// <summary>The label that says whose an entry is, in answers to questions about several tenants.</summary>
internal static class TenantLabel
{
    public const string Name = "__tenant_id__";

    /// <summary>A stream's own label of that name, which a client may have sent, is shown under this one.</summary>
    public const string Original = $"original_{Name}";

    public static LabelSet AddTo(LabelSet labels, string tenant) =>
        (labels[Name] is { Length: > 0 } own ? labels.With(Original, own) : labels).With(Name, tenant);

    /// <summary>Whether the matchers want entries of the tenant at all.</summary>
    public static bool Takes(IReadOnlyList<LabelMatcher> matchers, string tenant) =>
        matchers.All(matcher => matcher.Name != Name || matcher.Matches(tenant));

    /// <summary>The matchers as the tenant's own streams understand them.</summary>
    public static IReadOnlyList<LabelMatcher> WithoutTenant(IReadOnlyList<LabelMatcher> matchers) =>
    [
        .. matchers.Where(static matcher => matcher.Name != Name)
            .Select(static matcher => matcher.Name == Original ? new LabelMatcher(matcher.Type, Name, matcher.Value) : matcher),
    ];
}
