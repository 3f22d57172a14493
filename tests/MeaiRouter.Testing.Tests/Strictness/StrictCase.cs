using System.Globalization;

namespace MeaiRouter.Testing.Tests.Strictness;

/// <summary>A request that keeps a rule, one that breaks it, and what the provider answers to that.</summary>
internal sealed record StrictCase(string Rule, string Kept, string Broken, string Body, int Status = 400)
{
    public const string Call = """{"id":"abcDEF123","type":"function","function":{"name":"f","arguments":"{}"}}""";

    /// <summary>A conversation in which the only tool was called, with whatever the assistant says besides.</summary>
    public static string Loop(string call = Call, string besides = "", string result = "abcDEF123") => Messages(
        $$"""{"role":"user","content":"Hi"},{"role":"assistant","content":null,"tool_calls":[{{call}}]{{besides}}},{"role":"tool","tool_call_id":"{{result}}","content":"1"}""");

    public static string Messages(string messages, string fields = "") => $$"""{"model":"m","messages":[{{messages}}]{{(fields.Length > 0 ? "," : "")}}{{fields}}}""";

    /// <summary>A request that says 'Hi' with these fields besides.</summary>
    public static string With(string fields) => Messages("""{"role":"user","content":"Hi"}""", fields);

    /// <summary>A request with one declared function, and these fields besides.</summary>
    public static string WithFunction(string name = "f", string schema = """{"type":"object","properties":{}}""", string fields = "") =>
        With($$$"""{{{fields}}}{{{(fields.Length > 0 ? "," : "")}}}"tools":[{"type":"function","function":{"name":"{{{name}}}","parameters":{{{schema}}} }}]""");

    public static string User(string content) => Messages($$"""{"role":"user","content":{{content}}}""");

    public static string Image(string url) => User($$$"""[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"{{{url}}}"}}]""");

    public static string Numbers(int count) => string.Join(',', Enumerable.Range(0, count).Select(static i => $"\"{i.ToString(CultureInfo.InvariantCulture)}\""));

    public static string Tools(int count) => string.Join(',', Enumerable.Range(0, count).Select(static i =>
        $$$$"""{"type":"function","function":{"name":"f{{{{i.ToString(CultureInfo.InvariantCulture)}}}}","parameters":{"type":"object"}}}"""));
}
