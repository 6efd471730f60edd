using System.Globalization;

namespace ProgressiveFramework.Hosting;

/// <summary>Where the parts listen and how much happens. A port of 0 takes a free one.</summary>
public sealed record FrameworkOptions
{
    public string Host { get; init; } = "127.0.0.1";

    public int WebPort { get; init; } = 8080;

    /// <summary>MCA, NPA and WPA.</summary>
    public int CoordinatorPort { get; init; } = 8090;

    public int NutritionPort { get; init; } = 8091;

    public int WorkoutPort { get; init; } = 8092;

    /// <summary>The simulated exporters of PostgreSQL, Redis and MongoDB.</summary>
    public int PostgresPort { get; init; } = 9187;

    public int RedisPort { get; init; } = 9121;

    public int MongoPort { get; init; } = 9216;

    /// <summary>The same seed gives the same course of users and plans.</summary>
    public int Seed { get; init; } = 5;

    /// <summary>Bounds the load: users come and go below this number.</summary>
    public int MaxUsers { get; init; } = 60;

    /// <summary>Folder of the JSON logs, one file per part; null writes them to standard output.</summary>
    public string? LogFolder { get; init; }

    /// <summary>Where traces are sent; null sends none.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Stop when this process ends.</summary>
    public int? ParentProcessId { get; init; }

    /// <exception cref="ArgumentException">An option that is not known, or a value that is not a number.</exception>
    public static FrameworkOptions Parse(IReadOnlyList<string> args)
    {
        var options = new FrameworkOptions();
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count ? args[i + 1] : throw new ArgumentException($"{args[i]} wants a value");
            options = args[i] switch
            {
                "--host" => options with { Host = value },
                "--web-port" => options with { WebPort = Number(value) },
                "--mca-port" => options with { CoordinatorPort = Number(value) },
                "--npa-port" => options with { NutritionPort = Number(value) },
                "--wpa-port" => options with { WorkoutPort = Number(value) },
                "--postgres-port" => options with { PostgresPort = Number(value) },
                "--redis-port" => options with { RedisPort = Number(value) },
                "--mongodb-port" => options with { MongoPort = Number(value) },
                "--seed" => options with { Seed = Number(value) },
                "--max-users" => options with { MaxUsers = Number(value) },
                "--logs" => options with { LogFolder = value },
                "--otlp" => options with
                {
                    OtlpEndpoint = Uri.TryCreate(value, UriKind.Absolute, out var address)
                        ? address : throw new ArgumentException($"\"{value}\" is not an address"),
                },
                "--parent" => options with { ParentProcessId = Number(value) },
                _ => throw new ArgumentException($"unknown option {args[i]}"),
            };
        }
        return options;
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        ? n : throw new ArgumentException($"\"{text}\" is not a number");
}
