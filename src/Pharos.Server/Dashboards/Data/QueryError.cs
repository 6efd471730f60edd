namespace Pharos.Server.Dashboards.Data;

public sealed record QueryError(string RefId, string Message);
