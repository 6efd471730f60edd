using System.IO.Compression;
using System.Text;
using Pharos.Collection.Shipping;
using Pharos.Collection.Shipping.Clients;
using Pharos.Collection.Shipping.Files;
using Pharos.Collection.Shipping.Stages.Flow;
using Pharos.Collection.Shipping.Stages.Parsing;
using Pharos.Collection.Shipping.Targets;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Tests.Shipping;

/// <summary>Files that grow and are rotated, and a process that ends at any moment.</summary>
public sealed class FileFamilyTests
{
    [Fact]
    public async Task Lines_are_shipped_once_they_are_whole()
    {
        using var stage = new FamilyStage();
        File.WriteAllText(stage.Live, "one\r\ntwo\nthr");
        await stage.SettleAsync();
        Assert.Equal(["one", "two"], stage.Sink.Lines);
        File.AppendAllText(stage.Live, "ee\n\n");
        await stage.SettleAsync();
        Assert.Equal(["one", "two", "three", ""], stage.Sink.Lines);
        stage.Restart();
        await stage.SettleAsync();
        Assert.Equal(4, stage.Sink.Lines.Count);
    }

    [Fact]
    public async Task A_renamed_file_is_read_to_its_end_whatever_is_written_into_it_still()
    {
        using var stage = new FamilyStage();
        File.WriteAllText(stage.Live, "1\n");
        await stage.SettleAsync();
        File.AppendAllText(stage.Live, "2\n");
        File.Move(stage.Live, stage.File("a.log.1"));
        File.WriteAllText(stage.Live, "3\n");
        await stage.SettleAsync();
        File.AppendAllText(stage.File("a.log.1"), "late\nno end");
        await stage.SettleAsync(seconds: 10);
        Assert.Equal(["1", "2", "3", "late", "no end"], stage.Sink.Lines);
    }

    [Fact]
    public async Task What_was_rotated_twice_while_nobody_read_is_found()
    {
        using var stage = new FamilyStage();
        File.WriteAllText(stage.Live, "1\n");
        await stage.SettleAsync();
        stage.Family.Dispose();
        File.AppendAllText(stage.Live, "2\n");
        File.Move(stage.Live, stage.File("a.log.2"));
        File.WriteAllText(stage.File("a.log.1"), "3\n");
        File.WriteAllText(stage.Live, "4\n");
        stage.Restart();
        await stage.SettleAsync(seconds: 10);
        Assert.Equal(["1", "2", "3", "4"], stage.Sink.Lines.Order());
    }

    [Fact]
    public async Task A_copy_has_the_rest_of_what_was_truncated()
    {
        using var stage = new FamilyStage();
        File.WriteAllText(stage.Live, "1\n2\n");
        await stage.SettleAsync();
        File.AppendAllText(stage.Live, "3\n");
        File.Copy(stage.Live, stage.File("a.log.1"));
        using (var file = File.OpenWrite(stage.Live))
        {
            file.SetLength(0);
        }
        File.AppendAllText(stage.Live, "4 is longer than all that was there before\n");
        await stage.SettleAsync(seconds: 10);
        Assert.Equal(["1", "2", "3", "4 is longer than all that was there before"], stage.Sink.Lines.Order());
        stage.Restart();
        await stage.SettleAsync(seconds: 10);
        Assert.Equal(4, stage.Sink.Lines.Count);
    }

    [Fact]
    public async Task A_file_that_is_truncated_while_it_is_opened_is_not_taken_for_what_was_read()
    {
        using var stage = new FamilyStage();
        string[] lines = [.. Enumerable.Range(0, 60).Select(static i => $"line {i:000} of the file")];
        File.WriteAllLines(stage.Live, lines[..30]);
        await stage.SettleAsync();
        stage.Family.Dispose();
        File.AppendAllLines(stage.Live, lines[30..40]);
        var isTruncated = false;
        stage.Sink.Crash = () =>
        {
            // The record was found to be this file's, and is being kept.
            if (!isTruncated)
            {
                isTruncated = true;
                File.Copy(stage.Live, stage.File("a.log.1"));
                File.WriteAllLines(stage.Live, lines[40..60]);
            }
            return 0;
        };
        stage.Restart();
        await stage.Family.StepAsync(CancellationToken.None);
        stage.Restart();
        File.Move(stage.File("a.log.1"), stage.File("a.log.2"));
        File.Move(stage.Live, stage.File("a.log.1"));
        File.WriteAllText(stage.Live, "after\n");
        await stage.SettleAsync(seconds: 10);
        Assert.Equal(["after", .. lines], stage.Sink.Lines.Order());
    }

    [Fact]
    public async Task What_the_glob_would_name_is_not_taken_for_a_file_from_before_the_first_start()
    {
        // Rotated twice between the look for targets and the first look beside this one.
        using var stage = new FamilyStage(isTarget: new FileTarget("/**/a.log*", "/**/*.9", LabelSet.Empty, LabelSet.Empty).Names);
        File.WriteAllText(stage.File("a.log.9"), "old\n");
        File.WriteAllText(stage.File("a.log.2"), "1\n");
        File.WriteAllText(stage.Live, "2\n");
        await stage.SettleAsync(seconds: 40);
        Assert.Equal(["1", "2"], stage.Sink.Lines.Order());
    }

    [Fact]
    public async Task Half_a_copy_of_what_was_truncated_meanwhile_is_no_new_file()
    {
        using var stage = new FamilyStage();
        string[] lines = [.. Enumerable.Range(0, 60).Select(static i => $"line {i:000} of the file")];
        var text = string.Concat(lines.Select(static line => line + "\n"));
        File.WriteAllText(stage.Live, text);
        await stage.SettleAsync(seconds: 40);
        File.WriteAllText(stage.File("a.log.1"), text[..(text.Length / 2)]);
        using (var file = File.OpenWrite(stage.Live))
        {
            file.SetLength(0);
        }
        File.AppendAllText(stage.Live, "after\n");
        await stage.SettleAsync(seconds: 3);
        File.WriteAllText(stage.File("a.log.1"), text);
        await stage.SettleAsync(seconds: 10);
        Assert.Equal([.. lines, "after"], stage.Sink.Lines);
    }

    [Fact]
    public async Task A_packed_file_has_the_rest_of_what_was_renamed()
    {
        using var stage = new FamilyStage();
        File.WriteAllText(stage.Live, "1\n");
        await stage.SettleAsync();
        stage.Family.Dispose();
        File.AppendAllText(stage.Live, "2\n");
        Pack(stage.Live, stage.File("a.log.1.gz"));
        File.Delete(stage.Live);
        File.WriteAllText(stage.Live, "3\n");
        stage.Restart();
        await stage.SettleAsync(seconds: 10);
        Assert.Equal(["1", "2", "3"], stage.Sink.Lines.Order());
    }

    [Fact]
    public async Task Packing_what_was_read_repeats_nothing()
    {
        using var stage = new FamilyStage();
        File.WriteAllText(stage.Live, "1\n2\n");
        await stage.SettleAsync();
        File.Move(stage.Live, stage.File("a.log.1"));
        File.WriteAllText(stage.Live, "3\n");
        await stage.SettleAsync(seconds: 10);
        Pack(stage.File("a.log.1"), stage.File("a.log.1.gz"));
        await stage.SettleAsync(seconds: 3);
        File.Delete(stage.File("a.log.1"));
        await stage.SettleAsync(seconds: 3);
        stage.Restart();
        await stage.SettleAsync(seconds: 10);
        Assert.Equal(["1", "2", "3"], stage.Sink.Lines);
    }

    [Fact]
    public async Task Files_from_before_the_first_start_are_left_alone()
    {
        using var stage = new FamilyStage();
        File.WriteAllText(stage.File("a.log.1"), "old\n");
        Pack(stage.File("a.log.1"), stage.File("a.log.2.gz"));
        File.WriteAllText(stage.File("a.log.1"), "old 1\n");
        File.WriteAllText(stage.Live, "new\n");
        await stage.SettleAsync(seconds: 10);
        stage.Restart();
        File.Move(stage.File("a.log.1"), stage.File("a.log.3"));
        await stage.SettleAsync(seconds: 10);
        Assert.Equal(["new"], stage.Sink.Lines);
    }

    [Fact]
    public async Task A_file_that_is_deleted_and_made_anew_is_another_file()
    {
        using var stage = new FamilyStage();
        File.WriteAllText(stage.Live, "1\n");
        await stage.SettleAsync();
        File.Delete(stage.Live);
        await stage.SettleAsync(seconds: 3);
        File.WriteAllText(stage.Live, "2\n");
        await stage.SettleAsync();
        Assert.Equal(["1", "2"], stage.Sink.Lines);
    }

    [Fact]
    public async Task Promtail_s_positions_are_taken_over_once_and_kept_readable()
    {
        var positions = Path.GetTempFileName();
        using var stage = new FamilyStage(options: new ShipperOptions { PositionsFile = positions });
        File.WriteAllText(positions, $"positions:\n  {stage.Live}: \"4\"\n  cursor-abc: \"x\"\n");
        File.WriteAllText(stage.Live, "old\nnew\n");
        stage.Restart();
        await stage.SettleAsync();
        Assert.Equal(["new"], stage.Sink.Lines);
        stage.Family.Context.Ship.Positions.Save();
        Assert.Equal($"positions:\n  {stage.Live}: \"8\"\n  cursor-abc: \"x\"\n", File.ReadAllText(positions));
        File.Delete(positions);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("old\n", 4)]
    public async Task A_client_that_comes_to_a_file_later_than_another_begins_where_the_file_was_found(string old, long found)
    {
        var positions = Path.GetTempFileName();
        using var stage = new FamilyStage(options: new ShipperOptions
        {
            PositionsFile = positions,
            Clients = [new ShipClientOptions { Name = "test" }, new ShipClientOptions { Name = "other" }],
        });
        File.WriteAllText(positions, $"positions:\n  {stage.Live}: \"{found}\"\n");
        File.WriteAllText(stage.Live, old + "1\n2\n");
        stage.Restart();
        await stage.SettleAsync();
        Assert.Equal(["1", "2"], stage.Sink.Lines);
        stage.Family.Context.Ship.Positions.Save();
        Assert.Equal($"positions:\n  {stage.Live}: \"{found}\"\n", File.ReadAllText(positions));
        var sink = new SimulatedSink { Name = "other" };
        using var other = stage.Another(sink);
        while (await other.StepAsync(CancellationToken.None))
        {
        }
        Assert.Equal(["1", "2"], sink.Lines);
        stage.Family.Context.Ship.Positions.Save();
        Assert.Equal($"positions:\n  {stage.Live}: \"{found + 4}\"\n", File.ReadAllText(positions));
        File.Delete(stage.Live);
        File.Delete(positions);
    }

    [Fact]
    public async Task Positions_of_files_that_are_gone_are_forgotten()
    {
        var positions = Path.GetTempFileName();
        using var stage = new FamilyStage(options: new ShipperOptions { PositionsFile = positions });
        File.WriteAllText(positions, $"positions:\n  {stage.Live}.1: \"4\"\n  journal-x: \"c\"\n");
        File.WriteAllText(stage.Live, "1\n");
        stage.Restart();
        await stage.SettleAsync();
        stage.Family.Context.Ship.Positions.Save();
        Assert.Equal($"positions:\n  {stage.Live}: \"2\"\n  journal-x: \"c\"\n", File.ReadAllText(positions));
        Assert.False(stage.Family.Context.Ship.Positions.TryOffset(stage.Live + ".1", out _));

        // Also where nothing else has changed.
        File.Delete(stage.Live);
        stage.Family.Context.Ship.Positions.Save();
        Assert.Equal("positions:\n  journal-x: \"c\"\n", File.ReadAllText(positions));
        File.Delete(positions);
    }

    [Fact]
    public async Task Lines_that_a_stage_keeps_back_are_read_again_after_a_restart_and_no_others()
    {
        var job = new ShipJobOptions
        {
            JobName = "job",
            Stages = [context => new CriStage(100, 0, false, context), context => new MultilineStage(GoRegex.Unanchored("^A"), TimeSpan.FromSeconds(3), 100, context)],
        };
        using var stage = new FamilyStage(job);
        File.WriteAllText(stage.Live, "2024-01-01T00:00:00Z stdout P A1\n2024-01-01T00:00:01Z stderr F B1\n2024-01-01T00:00:02Z stderr F B2\n");
        await stage.SettleAsync();
        Assert.Equal(["B1", "B2"], stage.Sink.Lines);
        stage.Restart();
        File.AppendAllText(stage.Live, "2024-01-01T00:00:03Z stdout F -end\n2024-01-01T00:00:04Z stdout F more\n2024-01-01T00:00:05Z stdout F A2\n");
        await stage.SettleAsync();
        Assert.Equal(["B1", "B2", "A1-end\nmore"], stage.Sink.Lines);
        stage.Restart();
        await stage.SettleAsync(seconds: 5);
        Assert.Equal(["B1", "B2", "A1-end\nmore", "A2"], stage.Sink.Lines);
    }

    [Theory]
    [InlineData("", "UTF-8.txt")]
    [InlineData("", "UTF-16_LE_BOM.txt")]
    [InlineData("", "UTF-16_BE_BOM.txt")]
    [InlineData("UTF-16LE", "UTF-16_LE.txt")]
    [InlineData("UTF-16BE", "UTF-16_BE.txt")]
    [InlineData("UTF-16", "UTF-16.txt")]
    public async Task Encodings_and_line_ends_are_understood(string encoding, string name)
    {
        foreach (var (ends, suffix) in (IEnumerable<(string, string)>)[("LF", ""), ("CRLF", ""), ("LF", ".gz"), ("CRLF", ".gz")])
        {
            var file = Conformance.Require("loki", "alloy-file", "encoding", ends, name + suffix);
            var plain = Conformance.Require("loki", "alloy-file", "encoding", ends, name);
            using var stage = new FamilyStage(new ShipJobOptions
            {
                JobName = "job",
                Encoding = encoding,
                Packed = suffix.Length > 0 ? PackedFormat.Gzip : PackedFormat.None,
            });
            File.Copy(file, stage.Live);
            await stage.SettleAsync();
            File.Delete(stage.Live);
            await stage.SettleAsync(seconds: 3);
            var expected = File.ReadAllText(plain, FileEncoding.Find(encoding)!).ReplaceLineEndings("\n").Split('\n').ToList();
            if (expected[^1].Length == 0)
            {
                expected.RemoveAt(expected.Count - 1);
            }
            Assert.Equal(expected, stage.Sink.Lines);
        }
    }

    [Fact]
    public async Task Long_lines_are_cut_dropped_or_shipped_in_pieces()
    {
        var longLine = new string('x', 300_000);
        foreach (var (limits, expected) in (IEnumerable<(ShipReadLimits, int[])>)
            [(new ShipReadLimits(), [300_000, 2]), (new ShipReadLimits { MaxLineBytes = 100 }, [2]),
             (new ShipReadLimits { MaxLineBytes = 100, TruncateLines = true }, [100, 2])])
        {
            using var stage = new FamilyStage(options: new ShipperOptions { Limits = limits });
            File.WriteAllText(stage.Live, longLine + "\nok\n");
            await stage.SettleAsync();
            Assert.Equal(expected, stage.Sink.Lines.Select(line => line.Length));
        }
        using var huge = new FamilyStage();
        using (var file = File.Create(huge.Live))
        {
            file.Write(Encoding.UTF8.GetBytes(new string('y', 10_000_000) + "\nok\n"));
        }
        await huge.SettleAsync();
        Assert.Equal(10_000_000, huge.Sink.Lines.SkipLast(1).Sum(line => line.Length));
        Assert.Equal("ok", huge.Sink.Lines[^1]);
    }

    internal static void Pack(string from, string to)
    {
        using var file = File.Create(to);
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        gzip.Write(File.ReadAllBytes(from));
    }
}
