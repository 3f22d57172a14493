namespace MeaiRouter.Tests.Dialects;

/// <summary>Which of the plain requests each dialect refuses without the layer, and by which rule.</summary>
internal static class RefusedBare
{
    public static IReadOnlyDictionary<string, string[]> By { get; } = new Dictionary<string, string[]>
    {
        ["openai"] =
        [
            "every option: parameters", "foreign ids and names: function-name",
            "results in two messages, the user between: tool-results", "a result without a call: tool-results",
            "a call without a result: tool-results", "json: json-word", "a choice as tool schema: function-schema", "many tools: tools",
            "effort none: parameters", "effort low: parameters", "effort high: parameters", "effort extra high: parameters",
            "ten stops: stop", "reasoning of another provider: message-fields", "old reasoning of another provider: message-fields",
        ],
        ["openai-reasoning"] =
        [
            "every option: parameters", "foreign ids and names: function-name",
            "results in two messages, the user between: tool-results", "a result without a call: tool-results",
            "a call without a result: tool-results", "json: json-word", "a choice as tool schema: function-schema", "many tools: tools",
            "effort none: reasoning_effort", "effort extra high: reasoning_effort", "ten stops: stop", "a stop of white space: stop",
            "reasoning of another provider: message-fields", "old reasoning of another provider: message-fields",
        ],
        ["anthropic"] =
        [
            "every option: temperature", "begins with the assistant: first-message", "foreign ids and names: function-name",
            "results in two messages, the user between: tool-results", "a result without a call: tool-results",
            "a call without a result: tool-results", "empty texts: empty-text", "a choice as tool schema: function-schema",
            "a stop of white space: stop", "prefill: prefill-end",
        ],
        ["gemini"] =
        [
            "every option: parameters", "foreign ids and names: function-name",
            "results in two messages, the user between: tool-results", "a result without a call: tool-results",
            "a call without a result: tool-results", "empty texts: empty-content", "image by address: image-url",
            "unusual tool schema: function-schema", "tools and json schema: tools-with-format", "ten stops: stop",
            "reasoning of another provider: message-fields", "old reasoning of another provider: message-fields",
        ],
        ["gemini-3"] =
        [
            "every option: parameters", "foreign ids and names: function-name", "results reordered: missing-signature",
            "results in two messages, the user between: tool-results", "a result without a call: tool-results",
            "a call without a result: tool-results", "empty texts: empty-content", "image by address: image-url",
            "unusual tool schema: function-schema", "ten stops: stop", "reasoning of another provider: message-fields",
            "old reasoning of another provider: message-fields",
        ],
        ["mistral"] =
        [
            "every option: parameters", "system in the middle: order", "developer: role", "author names: message-fields",
            "foreign ids and names: function-name", "results reordered: tool-call-id",
            "results in two messages, the user between: tool-call-id", "a result without a call: tool-result-id",
            "a call without a result: tool-call-id", "the user after a result: tool-call-id", "empty texts: empty-assistant",
            "prefill: last-role", "reasoning of another provider: message-fields", "old reasoning of another provider: message-fields",
        ],
        ["deepseek"] =
        [
            "developer: role", "foreign ids and names: function-name", "results reordered: missing-reasoning",
            "results in two messages, the user between: tool-results", "a result without a call: tool-results",
            "a call without a result: tool-results", "the user after a result: missing-reasoning", "image by address: parts",
            "image inline: parts", "json: json-word", "json schema: json-schema", "unusual json schema: json-schema",
            "tools and json schema: json-schema", "any tool: tool-choice", "one tool: tool-choice", "prefill: last-role",
            "reasoning of another provider: missing-reasoning", "old reasoning of another provider: missing-reasoning",
        ],
        ["groq"] =
        [
            "every option: parameters", "author names: message-fields", "json: json-word", "tools and json schema: tools-with-format",
            "many tools: tools", "effort none: reasoning_effort", "effort extra high: reasoning_effort", "ten stops: stop",
            "reasoning of another provider: message-fields", "old reasoning of another provider: message-fields",
        ],
        ["xai"] =
        [
            "every option: stop", "empty texts: empty-content", "many tools: tools", "effort none: reasoning_effort",
            "effort low: reasoning_effort", "effort high: reasoning_effort", "effort extra high: reasoning_effort", "ten stops: stop",
            "a stop of white space: stop",
        ],
        ["perplexity"] =
        [
            "every option: stop", "every option of tools: tools", "system in the middle: turns", "developer: role",
            "two users in a row: turns", "begins with the assistant: turns", "foreign ids and names: tools", "results reordered: tools",
            "results in two messages, the user between: tools", "a result without a call: tools", "a call without a result: tools",
            "the user after a result: tools", "json: json-object", "unusual tool schema: tools", "a choice as tool schema: tools",
            "tools and json schema: tools", "no tool: tools", "any tool: tools", "one tool: tools", "many tools: tools",
            "ten stops: stop", "a stop of white space: stop", "prefill: last-role", "reasoning of another provider: tools",
            "old reasoning of another provider: tools",
        ],
        ["cohere"] =
        [
            "every option: top_k", "every option of tools: parallel_tool_calls",
            "results in two messages, the user between: tool-results", "a result without a call: tool-results",
            "a call without a result: tool-results", "empty texts: empty-content", "one tool: tool-choice",
            "effort low: reasoning_effort", "effort extra high: reasoning_effort", "ten stops: stop",
        ],
        ["vllm"] =
        [
            "system in the middle: system-first", "two messages of the system: system-first", "two users in a row: turns",
            "begins with the assistant: turns", "results in two messages, the user between: turns", "a result without a call: turns",
            "a call without a result: turns", "the user after a result: turns",
        ],
        ["llama.cpp"] =
        [
            "system in the middle: system-first", "two messages of the system: system-first", "two users in a row: turns",
            "begins with the assistant: turns", "results in two messages, the user between: turns", "a result without a call: turns",
            "a call without a result: turns", "the user after a result: turns",
        ],
        ["moonshot"] =
        [
            "every option: temperature", "foreign ids and names: function-name", "results reordered: missing-reasoning",
            "results in two messages, the user between: tool-results", "a result without a call: tool-results",
            "a call without a result: tool-results", "the user after a result: missing-reasoning", "empty texts: empty-content",
            "image by address: image-url", "any tool: tool-choice", "one tool: tool-choice",
            "reasoning of another provider: missing-reasoning", "old reasoning of another provider: missing-reasoning",
        ],
        ["zai"] =
        [
            "every option: temperature", "developer: role", "empty texts: empty-content", "json schema: json-schema",
            "unusual json schema: json-schema", "tools and json schema: json-schema", "no tool: tool-choice", "any tool: tool-choice",
            "one tool: tool-choice", "ten stops: stop",
        ],
        ["openrouter"] =
        [
            "foreign ids and names: function-name", "results in two messages, the user between: tool-results",
            "a result without a call: tool-results", "a call without a result: tool-results", "reasoning of another provider: signature",
            "old reasoning of another provider: signature",
        ],
    };
}
