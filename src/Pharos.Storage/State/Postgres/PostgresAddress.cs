using Npgsql;

namespace Pharos.Storage.State.Postgres;

/// <summary>Which database holds the state: a connection string in Npgsql's form (<c>Host=db;Username=pharos;Database=pharos</c>) or as
/// a URI (<c>postgresql://pharos@db/pharos</c>).</summary>
/// <remarks>Never prints the password.</remarks>
public sealed class PostgresAddress
{
    /// <summary>Well below the time after which a lease ends.</summary>
    private const int ConnectSeconds = 3;

    /// <summary>For twenty thousand alerts in one commit on a slow disk.</summary>
    private const int StatementSeconds = 20;

    private const int MaxConnections = 8;
    private const int KeepAliveSeconds = 10;

    private PostgresAddress(NpgsqlConnectionStringBuilder settings) => ConnectionString = settings.ConnectionString;

    /// <summary>Has the password in it.</summary>
    internal string ConnectionString { get; }

    /// <summary>Without any secret.</summary>
    public override string ToString()
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString);
        return $"PostgreSQL {settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";
    }

    /// <exception cref="FormatException">The text is none; the message repeats no part of it, for it may hold a password.</exception>
    public static PostgresAddress Parse(string text)
    {
        var settings = Read(text) ?? throw new FormatException("not a connection string of PostgreSQL");
        if (string.IsNullOrEmpty(settings.Host))
        {
            throw new FormatException("a connection string of PostgreSQL names its host");
        }
        Default(settings, "Application Name", "pharos");
        Default(settings, "Timeout", ConnectSeconds);
        Default(settings, "Command Timeout", StatementSeconds);
        Default(settings, "Keepalive", KeepAliveSeconds);
        Default(settings, "Maximum Pool Size", MaxConnections);
        // No session has anything to forget: one round trip less for each statement.
        settings.NoResetOnClose = true;
        settings.Enlist = false;
        return new PostgresAddress(settings);
    }

    /// <summary>What the driver says of a bad text repeats it: here it ends.</summary>
    private static NpgsqlConnectionStringBuilder? Read(string text)
    {
        try
        {
            return IsUri(text) ? FromUri(text) : new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            return null;
        }
    }

    private static bool IsUri(string text) => text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    /// <summary>libpq's form: <c>postgresql://user:password@host:port/database?sslmode=require</c>.</summary>
    private static NpgsqlConnectionStringBuilder FromUri(string text)
    {
        var uri = new Uri(text);
        var settings = new NpgsqlConnectionStringBuilder { Host = uri.Host.Trim('[', ']') };
        if (uri.Port > 0)
        {
            settings.Port = uri.Port;
        }
        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
        {
            settings.Username = Uri.UnescapeDataString(user[0]);
        }
        if (user.Length > 1)
        {
            settings.Password = Uri.UnescapeDataString(user[1]);
        }
        if (uri.AbsolutePath.Length > 1)
        {
            settings.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        }
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            settings[Keyword(parts[0])] = Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : "").Replace("-", "", StringComparison.Ordinal);
        }
        return settings;
    }

    /// <summary>libpq's names of what Npgsql calls otherwise.</summary>
    private static string Keyword(string name) => name switch
    {
        "sslmode" => "SSL Mode",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "application_name" => "Application Name",
        "connect_timeout" => "Timeout",
        "options" => "Options",
        _ => name,
    };

    private static void Default(NpgsqlConnectionStringBuilder settings, string keyword, object value)
    {
        if (!settings.ContainsKey(keyword) || !settings.ShouldSerialize(keyword))
        {
            settings[keyword] = value;
        }
    }
}
