using System.Collections.Frozen;
using System.Text.Json;

namespace MeaiRouter.Testing;

/// <summary>Kinds of rules that several providers have, each in its own words.</summary>
internal static class Rules
{
    /// <summary>Only these fields are known; the others are named all at once.</summary>
    public static StrictRule Parameters(FrozenSet<string> known, Func<IReadOnlyList<string>, JsonElement, RuleViolation> say) =>
        StrictRule.Of("parameters", request =>
            request.Body.Names().Where(name => !known.Contains(name)).ToList() is { Count: > 0 } unknown ? say(unknown, request.Body) : null);

    /// <summary>One field is refused however it is set.</summary>
    public static StrictRule Refuses(string parameter, Func<string, RuleViolation> say) =>
        StrictRule.Of(parameter, request => request.Body.Has(parameter) ? say(parameter) : null);

    public static StrictRule Range(string parameter, double least, double greatest, Func<double, RuleViolation> say) =>
        StrictRule.Of(parameter, request =>
            request.Body.Number(parameter) is { } value && (value < least || value > greatest) ? say(value) : null);

    public static StrictRule AtMost(string list, int count, Func<int, RuleViolation> say) =>
        StrictRule.Of(list, request => request.Body.Items(list).Count() is var given && given > count ? say(given) : null);

    public static StrictRule EachMessage(string name, Func<WireMessage, RuleViolation?> check) =>
        StrictRule.Of(name, request => request.Messages.Select(check).FirstOrDefault(static violation => violation is not null));

    public static StrictRule EachCall(string name, Func<WireMessage, int, WireCall, RuleViolation?> check) =>
        EachMessage(name, message => message.Calls.Select((call, i) => check(message, i, call)).FirstOrDefault(static violation => violation is not null));

    public static StrictRule EachFunction(string name, Func<int, JsonElement, RuleViolation?> check) =>
        StrictRule.Of(name, request =>
            request.Functions.Select(f => check(f.Index, f.Function)).FirstOrDefault(static violation => violation is not null));

    /// <summary>Every result of a tool answers a call of the assistant's message before it, and every call is answered before anybody else speaks.</summary>
    public static StrictRule ToolResults(
        Func<WireMessage, RuleViolation> sayOrphan, Func<WireMessage, IReadOnlyList<string>, RuleViolation> sayMissing) =>
        StrictRule.Of("tool-results", request =>
        {
            WireMessage? caller = null;
            List<string> open = [];
            foreach (var message in request.Messages)
            {
                if (message.Role == "tool")
                {
                    if (caller is null || !open.Remove(message.CallId ?? ""))
                        return sayOrphan(message);
                    continue;
                }

                if (open.Count > 0)
                    return sayMissing(caller!, open);
                caller = message.Calls.Count > 0 ? message : null;
                open = [.. message.Calls.Select(static call => call.Id)];
            }

            return open.Count > 0 ? sayMissing(caller!, open) : null;
        });

    /// <summary>After the system's messages, which come first, the user begins and takes turns with the assistant.</summary>
    /// <param name="turns">The messages that are turns of their own.</param>
    /// <param name="say">What the provider says to anything else.</param>
    public static StrictRule Turns(Func<IReadOnlyList<WireMessage>, IEnumerable<WireMessage>> turns, Func<RuleViolation> say) =>
        StrictRule.Of("turns", request =>
        {
            var others = request.Messages.SkipWhile(static message => message.IsSystem).ToList();
            if (others.Exists(static message => message.IsSystem))
                return say();

            var isUsersTurn = true;
            foreach (var message in turns(others))
            {
                if (message.Role == "assistant" == isUsersTurn)
                    return say();
                isUsersTurn = !isUsersTurn;
            }

            return null;
        });

    public static bool SaysJson(this StrictRequest request) =>
        request.Messages.SelectMany(static message => message.Texts).Any(static text => text.Contains("json", StringComparison.OrdinalIgnoreCase));
}
