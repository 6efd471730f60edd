namespace Pharos.Alerting.Receivers.Jira;

/// <summary>One entry of <c>jira_configs</c>, global defaults already applied. Texts are templates unless said otherwise.</summary>
public sealed record JiraOptions
{
    public bool SendResolved { get; init; } = true;

    /// <summary>Not a template; ends in a slash. Version 3 of the API wants descriptions as documents.</summary>
    public required string ApiUrl { get; init; }

    public JiraApiType ApiType { get; init; }

    public required string Project { get; init; }

    public JiraField Summary { get; init; } = new("""{{ template "jira.default.summary" . }}""");

    public JiraField Description { get; init; } = new("""{{ template "jira.default.description" . }}""");

    public IReadOnlyList<string> Labels { get; init; } = [];

    public string Priority { get; init; } = """{{ template "jira.default.priority" . }}""";

    public required string IssueType { get; init; }

    /// <summary>Names of transitions, no templates. Empty: an issue is not reopened, not resolved.</summary>
    public string ReopenTransition { get; init; } = "";

    public string ResolveTransition { get; init; } = "";

    /// <summary>Issues with this resolution are never taken up again. Not a template.</summary>
    public string WontFixResolution { get; init; } = "";

    /// <summary>How long after its resolution an issue is reopened rather than a new one created.</summary>
    public TimeSpan ReopenDuration { get; init; }

    /// <summary>Further fields of the issue.</summary>
    public IReadOnlyDictionary<string, TemplatedNode> Fields { get; init; } = new Dictionary<string, TemplatedNode>();
}
