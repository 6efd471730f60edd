namespace Pharos.Server.Api.Prometheus.Notifications;

/// <summary>Something that whoever looks at the server should know, or (no longer <paramref name="Active"/>) need not any more.</summary>
internal sealed record ServerNotice(string Text, DateTimeOffset Date, bool Active);
