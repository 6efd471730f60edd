namespace Pharos.Server.Dashboards.Data;

/// <summary>Why a panel is empty, and what might help.</summary>
public sealed record NoDataReason(string Reason, IReadOnlyList<string> Hints);
