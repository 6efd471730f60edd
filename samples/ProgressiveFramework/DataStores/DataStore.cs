namespace ProgressiveFramework.DataStores;

/// <summary>A database as its clients see it.</summary>
/// <param name="System">OpenTelemetry's name of the product.</param>
/// <param name="Namespace">The database in it.</param>
/// <param name="Host">Where it would listen.</param>
/// <param name="MedianSeconds">Half of its answers take less.</param>
public sealed record DataStore(string System, string Namespace, string Host, int Port, double MedianSeconds)
{
    public static readonly DataStore Postgres = new("postgresql", "progressive", "postgres.local", 5432, 0.02);

    public static readonly DataStore Redis = new("redis", "0", "redis.local", 6379, 0.001);

    public static readonly DataStore Mongo = new("mongodb", "plans", "mongodb.local", 27017, 0.008);
}
