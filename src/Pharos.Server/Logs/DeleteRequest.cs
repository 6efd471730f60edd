namespace Pharos.Server.Logs;

/// <summary>One request to delete entries.</summary>
/// <param name="Query">A selector, with filters perhaps.</param>
/// <param name="StartNs">Inclusive.</param>
/// <param name="EndNs">Inclusive.</param>
/// <param name="CreatedMs">When it came.</param>
/// <param name="IsProcessed">Whether the entries are gone.</param>
internal sealed record DeleteRequest(string Id, string Tenant, string Query, long StartNs, long EndNs, long CreatedMs, bool IsProcessed);
