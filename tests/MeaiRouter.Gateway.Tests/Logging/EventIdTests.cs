using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Tests.Logging;

public sealed partial class EventIdTests
{
    // Words in the name of a field that would hold a part of a conversation, or a key.
    private static readonly string[] Forbidden = ["prompt", "message", "content", "answer", "text", "body", "query", "key", "secret", "token", "authorization", "header"];

    // The name of a key, which reveals nothing of it.
    private static readonly string[] Allowed = ["Key"];

    private static readonly IReadOnlyList<(string Method, LoggerMessageAttribute Log)> Logs =
    [
        .. Directory.GetFiles(AppContext.BaseDirectory, "MeaiRouter*.dll")
            .Where(static path => !Path.GetFileName(path).Contains("Tests", StringComparison.Ordinal))
            .Select(Assembly.LoadFrom)
            .SelectMany(static assembly => assembly.GetTypes())
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(static method => (Method: $"{method.DeclaringType}.{method.Name}", Log: method.GetCustomAttribute<LoggerMessageAttribute>()!))
            .Where(static found => found.Log is not null),
    ];

    [Fact]
    public void Every_id_means_one_thing_in_the_whole_house()
    {
        Assert.True(Logs.Count >= 30, $"Only {Logs.Count} were found.");

        Assert.Empty(Logs.GroupBy(static found => found.Log.EventId).Where(static group => group.Count() > 1).Select(static group => $"{group.Key}: {string.Join(", ", group)}"));
        Assert.All(Logs, static found => Assert.InRange(found.Log.EventId, 1000, 9999));
    }

    [Fact]
    public void Every_id_of_a_package_is_in_its_thousand()
    {
        foreach (var (method, log) in Logs)
        {
            var first = method.StartsWith("MeaiRouter.EntityFrameworkCore.", StringComparison.Ordinal) ? 2000 : method.StartsWith("MeaiRouter.Gateway.", StringComparison.Ordinal) ? 3000 : 1000;
            Assert.True(log.EventId >= first && log.EventId < first + 1000, $"{method} has {log.EventId}.");
        }
    }

    [Fact]
    public void No_message_has_a_place_for_content_or_a_key()
    {
        foreach (var (_, log) in Logs)
        {
            var places = Placeholders().Matches(log.Message).Select(static match => match.Groups[1].Value).Except(Allowed);
            Assert.DoesNotContain(places, place => Forbidden.Any(word => place.Contains(word, StringComparison.OrdinalIgnoreCase)));
        }
    }

    [Fact]
    public void Every_id_is_in_the_table_of_the_readme_with_its_level()
    {
        var rows = File.ReadAllLines(MeaiRouter.Tests.Repository.PathOf("src/MeaiRouter.Gateway/README.md"))
            .Select(static line => Row().Match(line)).Where(static match => match.Success)
            .Select(static match => $"{match.Groups[1].Value} {match.Groups[2].Value}");

        Assert.Equal(Logs.OrderBy(static found => found.Log.EventId).Select(static found => $"{found.Log.EventId} {found.Log.Level}"), rows);
    }

    [GeneratedRegex(@"\{(\w+)")]
    private static partial Regex Placeholders();

    [GeneratedRegex(@"^\| (\d{4}) \| (\w+) \|")]
    private static partial Regex Row();
}
