using System.Collections.Frozen;
using MeaiRouter.Catalog;
using MeaiRouter.Dialects;

namespace MeaiRouter.Configuration;

/// <summary>What a section says about the members of a dialect. Members it does not name stay as they are.</summary>
internal sealed class DialectMembers(SectionReader section)
{
    private static readonly string[] Parameters =
    [
        "temperature", "top_p", "top_k", "min_p", "top_a", "frequency_penalty", "presence_penalty", "repetition_penalty", "max_tokens",
        "max_completion_tokens", "logit_bias", "logprobs", "top_logprobs", "prediction", "seed", "response_format", "structured_outputs", "stop", "tools",
        "tool_choice", "parallel_tool_calls", "reasoning", "reasoning_effort", "include_reasoning", "verbosity",
    ];

    private static readonly string[] Efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
    private static readonly string[] FinishReasons = ["stop", "length", "tool_calls", "content_filter"];
    private static readonly string[] Choices = ["auto", "none", "required", "named"];
    private static readonly string[] TextCalls = ["none", "hermes", "mistral", "llama", "any"];

    // Sections are asked for once each: what is wrong in them is said once, however many dialects they change.
    private readonly Func<Dialect, Dialect> _change = Read(section);

    /// <summary>A dialect with the members that the section names.</summary>
    public Dialect Over(Dialect dialect) => _change(dialect);

    private static Func<Dialect, Dialect> Read(SectionReader section)
    {
        var parameters = section.Sections("Parameters").Select(ReadParameter).ToList();
        var messages = ReadMessages(section.Section("Messages"));
        var tools = ReadTools(section.Section("Tools"));
        var media = ReadMedia(section.Section("Media"));
        var formats = ReadFormats(section.Section("Formats"));
        var reasoning = ReadReasoning(section.Section("Reasoning"));
        var caching = ReadCaching(section.Section("Caching"));
        var answers = ReadAnswers(section.Section("Answers"));
        return dialect => dialect with
        {
            Parameters = Changed(dialect.Parameters, parameters),
            Messages = messages(dialect.Messages),
            Tools = tools(dialect.Tools),
            Media = media(dialect.Media),
            Formats = formats(dialect.Formats),
            Reasoning = reasoning(dialect.Reasoning),
            Caching = caching(dialect.Caching),
            Answers = answers(dialect.Answers),
        };
    }

    private static IReadOnlyDictionary<string, ParameterRule> Changed(
        IReadOnlyDictionary<string, ParameterRule> rules, List<(string Name, Func<ParameterRule, ParameterRule> Change)> changes)
    {
        if (changes.Count == 0)
            return rules;

        var changed = new Dictionary<string, ParameterRule>(rules);
        foreach (var (name, change) in changes)
            changed[name] = change(changed.GetValueOrDefault(name) ?? new ParameterRule());
        return changed.ToFrozenDictionary();
    }

    private static (string Name, Func<ParameterRule, ParameterRule> Change) ReadParameter(SectionReader section)
    {
        // Providers know fields of their own; only what looks like a slip of the pen is refused.
        if (!Parameters.Contains(section.Key) && NearestNames.Hint(section.Key, Parameters) is { Length: > 0 } hint)
            section.Refuse($"'{section.Key}' is not a parameter.{hint}");

        var (isTaken, whileReasoning) = (section.Flag("IsTaken"), section.Flag("RefusedWhileReasoning"));
        var (minimum, maximum) = (section.Real("Minimum", double.MinValue, double.MaxValue), section.Real("Maximum", double.MinValue, double.MaxValue));
        var count = section.Number("MaxCount", minimum: 1);
        var blank = section.Flag("RefusesBlank");
        if (minimum > maximum)
            section.Refuse("Minimum", "is greater than Maximum.");

        return (section.Key, rule => rule with
        {
            IsTaken = isTaken ?? rule.IsTaken,
            RefusedWhileReasoning = whileReasoning ?? rule.RefusedWhileReasoning,
            Minimum = minimum ?? rule.Minimum,
            Maximum = maximum ?? rule.Maximum,
            MaxCount = count ?? rule.MaxCount,
            RefusesBlank = blank ?? rule.RefusesBlank,
        });
    }

    private static Func<MessageRules, MessageRules> ReadMessages(SectionReader? section)
    {
        if (section is null)
            return static rules => rules;

        var (system, prefill) = (section.Choice<SystemPlacement>("System"), section.Choice<PrefillForm>("Prefill"));
        var (developer, alternate, user) = (section.Flag("TakesDeveloper"), section.Flag("MustAlternate"), section.Flag("MustBeginWithUser"));
        var (follow, empty, names) = (section.Flag("UserMayFollowToolResult"), section.Flag("TakesEmptyContent"), section.Flag("TakesAuthorNames"));
        var space = section.Flag("PrefillMayEndInSpace");
        return rules => rules with
        {
            System = system ?? rules.System,
            TakesDeveloper = developer ?? rules.TakesDeveloper,
            MustAlternate = alternate ?? rules.MustAlternate,
            MustBeginWithUser = user ?? rules.MustBeginWithUser,
            UserMayFollowToolResult = follow ?? rules.UserMayFollowToolResult,
            TakesEmptyContent = empty ?? rules.TakesEmptyContent,
            TakesAuthorNames = names ?? rules.TakesAuthorNames,
            Prefill = prefill ?? rules.Prefill,
            PrefillMayEndInSpace = space ?? rules.PrefillMayEndInSpace,
        };
    }

    private static Func<ToolRules, ToolRules> ReadTools(SectionReader? section)
    {
        if (section is null)
            return static rules => rules;

        var (idLength, isFixed) = (section.Number("MaxCallIdLength", minimum: 1), section.Flag("FixedCallIds"));
        var (nameLength, letter) = (section.Number("MaxNameLength", minimum: 1), section.Flag("NamesBeginWithLetter"));
        var (count, choices) = (section.Number("MaxCount", minimum: 0), Flags<ToolChoiceForms>(section.Words("Choices", Choices), "auto"));
        var (format, reasoning) = (section.Flag("MayBeUsedWithFormat"), Flags<ToolChoiceForms>(section.Words("ChoicesWhileReasoning", Choices), "auto"));
        var (keywords, top) = (Keywords(section, "RefusedSchemaKeywords"), Keywords(section, "RefusedTopKeywords"));
        var (strict, media, signature) = (section.Flag("TakesStrict"), section.Flag("TakesMediaInResults"), section.Text("SignatureStandIn"));
        return rules => rules with
        {
            MaxCallIdLength = idLength ?? rules.MaxCallIdLength,
            FixedCallIds = isFixed ?? rules.FixedCallIds,
            MaxNameLength = nameLength ?? rules.MaxNameLength,
            NamesBeginWithLetter = letter ?? rules.NamesBeginWithLetter,
            MaxCount = count ?? rules.MaxCount,
            Choices = choices ?? rules.Choices,
            ChoicesWhileReasoning = reasoning ?? rules.ChoicesWhileReasoning,
            MayBeUsedWithFormat = format ?? rules.MayBeUsedWithFormat,
            RefusedSchemaKeywords = keywords ?? rules.RefusedSchemaKeywords,
            RefusedTopKeywords = top ?? rules.RefusedTopKeywords,
            TakesStrict = strict ?? rules.TakesStrict,
            TakesMediaInResults = media ?? rules.TakesMediaInResults,
            SignatureStandIn = signature ?? rules.SignatureStandIn,
        };
    }

    private static Func<MediaRules, MediaRules> ReadMedia(SectionReader? section)
    {
        if (section is null)
            return static rules => rules;

        var (images, files) = (ReadMedium(section.Section("Images")), ReadMedium(section.Section("Files")));
        var (audio, video) = (ReadMedium(section.Section("Audio")), ReadMedium(section.Section("Video")));
        return rules => rules with { Images = images(rules.Images), Files = files(rules.Files), Audio = audio(rules.Audio), Video = video(rules.Video) };
    }

    private static Func<MediaRule, MediaRule> ReadMedium(SectionReader? section)
    {
        if (section is null)
            return static rule => rule;

        var (urls, inline, types) = (section.Flag("TakesUrls"), section.Flag("TakesInline"), section.Texts("MediaTypes"));
        var (bytes, count) = (section.Number("MaxBytes", minimum: 1), section.Number("MaxCount", minimum: 1));
        return rule => rule with
        {
            TakesUrls = urls ?? rule.TakesUrls,
            TakesInline = inline ?? rule.TakesInline,
            MediaTypes = types ?? rule.MediaTypes,
            MaxBytes = bytes ?? rule.MaxBytes,
            MaxCount = count ?? rule.MaxCount,
        };
    }

    private static Func<FormatRules, FormatRules> ReadFormats(SectionReader? section)
    {
        if (section is null)
            return static rules => rules;

        var (isObject, schema) = (section.Flag("TakesJsonObject"), section.Flag("TakesJsonSchema"));
        var (word, streams) = (section.Flag("JsonObjectNeedsTheWord"), section.Flag("MayBeStreamed"));
        var keywords = Keywords(section, "RefusedSchemaKeywords");
        return rules => rules with
        {
            TakesJsonObject = isObject ?? rules.TakesJsonObject,
            TakesJsonSchema = schema ?? rules.TakesJsonSchema,
            MayBeStreamed = streams ?? rules.MayBeStreamed,
            JsonObjectNeedsTheWord = word ?? rules.JsonObjectNeedsTheWord,
            RefusedSchemaKeywords = keywords ?? rules.RefusedSchemaKeywords,
        };
    }

    private static Func<ReasoningRules, ReasoningRules> ReadReasoning(SectionReader? section)
    {
        if (section is null)
            return static rules => rules;

        var (control, efforts, mandatory) = (section.Choice<ReasoningControl>("Control"), section.Words("Efforts", Efforts), section.Flag("IsMandatory"));
        var (least, most) = (section.Number("MinBudget", minimum: 0), section.Number("MaxBudget", minimum: 1));
        var (within, others) = (section.Flag("BudgetIsWithinOutput"), section.Flag("TakesOtherMembers"));
        var (foreign, own) = (section.Texts("ForeignFormats"), section.Texts("OwnFormats"));
        if (least > most)
            section.Refuse("MinBudget", "is greater than MaxBudget.");

        return rules => rules with
        {
            Control = control ?? rules.Control,
            Efforts = efforts ?? rules.Efforts,
            IsMandatory = mandatory ?? rules.IsMandatory,
            MinBudget = least ?? rules.MinBudget,
            MaxBudget = most ?? rules.MaxBudget,
            BudgetIsWithinOutput = within ?? rules.BudgetIsWithinOutput,
            TakesOtherMembers = others ?? rules.TakesOtherMembers,
            ForeignFormats = foreign ?? rules.ForeignFormats,
            OwnFormats = own ?? rules.OwnFormats,
        };
    }

    private static Func<CacheRules, CacheRules> ReadCaching(SectionReader? section)
    {
        if (section is null)
            return static rules => rules;

        var (marks, most, hour) = (section.Choice<CacheMarks>("Marks"), section.Number("MaxBreakpoints", minimum: 1), section.Flag("TakesOneHour"));
        return rules => rules with
        {
            Marks = marks ?? rules.Marks,
            MaxBreakpoints = most ?? rules.MaxBreakpoints,
            TakesOneHour = hour ?? rules.TakesOneHour,
        };
    }

    private static Func<AnswerRules, AnswerRules> ReadAnswers(SectionReader? section)
    {
        if (section is null)
            return static rules => rules;

        var (tags, names, begins) = (section.Flag("ThinkTags"), section.Texts("ThinkTagNames"), section.Flag("BeginsThinking"));
        var calls = Flags<TextToolCalls>(section.Words("TextToolCalls", TextCalls), "none");
        var reasons = section.NamedTexts("FinishReasons");
        foreach (var (native, reason) in reasons)
        {
            if (!FinishReasons.Contains(reason))
                section.Refuse($"FinishReasons:{native}", $"'{reason}' is unknown.{Suggestion.For(reason, FinishReasons)}");
        }

        return rules => rules with
        {
            ThinkTags = tags ?? rules.ThinkTags,
            ThinkTagNames = names ?? rules.ThinkTagNames,
            BeginsThinking = begins ?? rules.BeginsThinking,
            TextToolCalls = calls ?? rules.TextToolCalls,
            FinishReasons = reasons.Count == 0 ? rules.FinishReasons : reasons.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
        };
    }

    private static FrozenSet<string>? Keywords(SectionReader section, string name) => section.Texts(name)?.ToFrozenSet();

    // Flags as a list of words, of which one stands for no flag.
    private static T? Flags<T>(IReadOnlyList<string>? words, string nothing)
        where T : struct, Enum
    {
        if (words is null)
            return null;

        var flags = 0;
        foreach (var word in words)
        {
            if (word != nothing && Enum.TryParse<T>(word, ignoreCase: true, out var flag))
                flags |= Convert.ToInt32(flag, System.Globalization.CultureInfo.InvariantCulture);
        }

        return (T)Enum.ToObject(typeof(T), flags);
    }
}
