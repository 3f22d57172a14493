using System.Text.Json.Nodes;

namespace MeaiRouter.Testing;

/// <summary>The shapes in which providers put their errors.</summary>
internal static class ErrorEnvelopes
{
    private const string InvalidRequest = "invalid_request_error";

    public static string OpenAI(RuleViolation violation) => Write(new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["message"] = violation.Message, ["type"] = violation.Type ?? InvalidRequest, ["param"] = violation.Param, ["code"] = violation.Code,
        },
    });

    // https://platform.claude.com/docs/en/api/openai-sdk: errors have the shape of OpenAI's, not its words.
    public static string Anthropic(RuleViolation violation) => Write(new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["code"] = violation.Type ?? InvalidRequest, ["message"] = violation.Message, ["type"] = violation.Type ?? InvalidRequest, ["param"] = null,
        },
    });

    // A list of one, which only the OpenAI-compatible endpoint sends: https://github.com/TokenRhythm/opensquilla/issues/225
    public static string Google(RuleViolation violation)
    {
        var error = new JsonObject { ["code"] = violation.Status, ["message"] = violation.Message, ["status"] = "INVALID_ARGUMENT" };
        if (violation.Details is { } details)
        {
            error["details"] = new JsonArray(new JsonObject
            {
                ["@type"] = "type.googleapis.com/google.rpc.BadRequest", ["fieldViolations"] = details.DeepClone(),
            });
        }

        return Write(new JsonArray(new JsonObject { ["error"] = error }));
    }

    // The body's schema answers 422 with pydantic's details, the order of messages 400 with a code of its own:
    // https://github.com/editor-code-assistant/eca/issues/231, https://github.com/nearai/ironclaw/issues/1241
    public static string Mistral(RuleViolation violation) => Write(violation.Details is { } details
        ? new JsonObject
        {
            ["object"] = "error", ["message"] = new JsonObject { ["detail"] = details.DeepClone() }, ["type"] = InvalidRequest, ["param"] = null, ["code"] = null,
        }
        : new JsonObject
        {
            ["object"] = "error", ["message"] = violation.Message, ["type"] = violation.Type ?? InvalidRequest, ["param"] = null, ["code"] = violation.Code,
            ["raw_status_code"] = violation.Status,
        });

    // https://github.com/llm-exe/llm-exe/issues/662
    public static string DeepSeek(RuleViolation violation) =>
        OpenAI(violation with { Code = violation.Code ?? InvalidRequest });

    // https://github.com/SimonSchubert/Kai/issues/265, https://github.com/chatboxai/chatbox/issues/2081
    public static string Groq(RuleViolation violation) => Write(new JsonObject
    {
        ["error"] = new JsonObject { ["message"] = violation.Message, ["type"] = InvalidRequest },
    });

    // https://github.com/yym68686/uni-api/issues/105
    public static string XAI(RuleViolation violation) => Write(new JsonObject
    {
        ["code"] = "Client specified an invalid argument", ["error"] = violation.Message,
    });

    // https://github.com/perplexityai/api-discussion/issues/265
    public static string Perplexity(RuleViolation violation) => Write(new JsonObject
    {
        ["error"] = new JsonObject { ["message"] = violation.Message, ["type"] = violation.Type ?? "bad_request", ["code"] = violation.Status },
    });

    // https://github.com/OpenRouterTeam/openrouter-examples/issues/71
    public static string Cohere(RuleViolation violation) => Write(new JsonObject { ["message"] = violation.Message });

    // https://github.com/suitenumerique/conversations/issues/197
    public static string VLlm(RuleViolation violation) => Write(new JsonObject
    {
        ["error"] = new JsonObject { ["message"] = violation.Message, ["type"] = "BadRequestError", ["param"] = null, ["code"] = violation.Status },
    });

    // tools/server of llama.cpp: format_error_response writes the status as a number and its kind as a word.
    public static string LlamaCpp(RuleViolation violation) => Write(new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["code"] = violation.Status, ["message"] = violation.Message, ["type"] = violation.Status == 500 ? "server_error" : InvalidRequest,
        },
    });

    // https://github.com/Narcooo/inkos/pull/174
    public static string Moonshot(RuleViolation violation) => Groq(violation);

    // https://github.com/Kilo-Org/kilocode/issues/13069
    public static string ZAI(RuleViolation violation) => Write(new JsonObject
    {
        ["error"] = new JsonObject { ["code"] = violation.Code, ["message"] = violation.Message },
    });

    // https://github.com/can1357/oh-my-pi/issues/3399: what the provider behind it said is in the metadata, as text.
    public static string OpenRouter(RuleViolation violation) => Write(new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["message"] = "Provider returned error", ["code"] = violation.Status,
            ["metadata"] = new JsonObject
            {
                ["raw"] = Write(new JsonObject
                {
                    ["type"] = "error", ["error"] = new JsonObject { ["type"] = InvalidRequest, ["message"] = violation.Message },
                }),
                ["provider_name"] = "Anthropic",
            },
        },
    });

    private static string Write(JsonNode json) => WireJson.Text(json);
}
