namespace Pharos.Collection.Tests.Shipping;

/// <summary>Random rotation of every kind, and a process that ends at random: each line is shipped exactly once.</summary>
public sealed class RotationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Every_line_is_shipped_exactly_once(int seed)
    {
        for (var round = 0; round < 15; round++)
        {
            await PlayAsync((seed * 1000) + round);
        }
    }

    private static async Task PlayAsync(int seed)
    {
        var random = new Random(seed);
        using var stage = new FamilyStage();
        var writer = new RotatingWriter(stage.Live, random, line => stage.Sink.Lines.Contains(line));
        writer.Append();
        await stage.SettleAsync();
        stage.Sink.Crash = () =>
        {
            // Nobody waits with writing and rotating until what was looked at is kept.
            for (var i = random.Next(6) == 0 ? random.Next(1, 4) : 0; i > 0; i--)
            {
                writer.Act();
            }
            return random.Next(40) switch { 0 => 1, 1 => 2, _ => 0 };
        };
        for (var i = 0; i < 120; i++)
        {
            writer.Act();
            if (random.Next(3) == 0)
            {
                await StepAsync(stage, random);
            }
            if (random.Next(15) == 0)
            {
                stage.Restart();
            }
        }
        stage.Sink.Crash = static () => 0;
        writer.EndLine();
        await stage.SettleAsync(seconds: 90);
        var missing = writer.Written.Except(stage.Sink.Lines).ToList();
        var repeated = stage.Sink.Lines.GroupBy(line => line).Where(group => group.Count() > 1).Select(group => group.Key).ToList();
        Assert.True(missing.Count == 0 && repeated.Count == 0,
            $"seed {seed}: missing {string.Join(",", missing.Take(5))}; repeated {string.Join(",", repeated.Take(5))}\n{writer.History}");
        Assert.Equal(writer.Written.Count, stage.Sink.Lines.Count);
    }

    private static async Task StepAsync(FamilyStage stage, Random random)
    {
        try
        {
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                await stage.Family.StepAsync(CancellationToken.None);
                stage.Advance(TimeSpan.FromMilliseconds(random.Next(3) == 0 ? 7000 : 300));
            }
        }
        catch (SimulatedCrashException)
        {
            stage.Restart();
        }
    }
}
