/** Names as people of New York bear them: a family name and given names, in one script each. */
export const SAMPLE_NAMES: readonly {
  readonly family: readonly string[];
  readonly given: readonly string[];
}[] = [
  {
    family: ['Smith', 'O’Brien', 'van der Berg', 'Washington', 'Kowalski', 'Nguyen', 'Rossi', 'Cohen-Levi'],
    given: ['Mary', 'James', 'Aaliyah', 'Zoë', 'D’Angelo', 'Anne-Marie', 'Wei', 'Oluwaseun'],
  },
  {
    family: ['García Márquez', 'Núñez', 'Peña', 'Rodríguez', 'Ávila', 'de la Cruz'],
    given: ['María José', 'Ángel', 'Xóchitl', 'Íñigo', 'Lucía', 'Jesús'],
  },
  { family: ['陳', '王', '林', '歐陽', '李', '黃'], given: ['小明', '美玲', '志偉', '淑芬', '子涵', '建國'] },
  { family: ['Иванова', 'Соколов', 'Шевченко', 'Кузнецова'], given: ['Анна', 'Дмитрий', 'Ольга', 'Юрий'] },
  { family: ['الحسيني', 'حداد', 'منصور'], given: ['فاطمة', 'محمد', 'ليلى'] },
  { family: ['רבינוביץ', 'פרידמאן', 'שווארץ'], given: ['חיה', 'משה', 'רבקה'] },
  { family: ['김', '박', '이', '최'], given: ['민준', '서연', '지우'] },
  { family: ['রহমান', 'চৌধুরী', 'ইসলাম'], given: ['আয়েশা', 'তানভীর', 'নুসরাত'] },
  { family: ['Jean-Baptiste', 'Désir', 'Toussaint'], given: ['Wideline', 'Jean-Ricot', 'Mirlande'] },
];
